<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%Ln speakers</source>
        <translation>
            <numerusform>%Ln Person</numerusform>
            <numerusform>%Ln Personen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Another person for %Ln turns</source>
        <translation>
            <numerusform>Andere Person für %Ln Beitrag</numerusform>
            <numerusform>Andere Person für %Ln Beiträge</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Turns deleted: %Ln. Undo brings them back</source>
        <translation>
            <numerusform>%Ln Beitrag gelöscht. „Rückgängig“ bringt ihn zurück</numerusform>
            <numerusform>%Ln Beiträge gelöscht. „Rückgängig“ bringt sie zurück</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Crosstalk</source>
        <translation>Über Crosstalk</translation>
    </message>
    <message>
        <source>&amp;Licences…</source>
        <translation>&amp;Lizenzen…</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>Version {number}</translation>
    </message>
    <message>
        <source>Records a meeting and shows who says what, while people talk. Everything stays on this computer.</source>
        <translation>Nimmt eine Besprechung auf und zeigt, wer was sagt, während gesprochen wird. Alles bleibt auf diesem Computer.</translation>
    </message>
    <message>
        <source>Free software under the Apache License 2.0.</source>
        <translation>Freie Software unter der Apache-Lizenz 2.0.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Record</source>
        <translation>&amp;Aufnehmen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Record the sound of this &amp;computer</source>
        <translation>Ton dieses &amp;Computers aufnehmen</translation>
    </message>
    <message>
        <source>Play the &amp;sample meeting</source>
        <translation>&amp;Beispielbesprechung abspielen</translation>
    </message>
    <message>
        <source>Choose &amp;microphone</source>
        <translation>&amp;Mikrofon wählen</translation>
    </message>
    <message>
        <source>&amp;Look for microphones again</source>
        <translation>Mikrofone neu &amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Import files…</source>
        <translation>Dateien &amp;importieren …</translation>
    </message>
    <message>
        <source>&amp;Transcribe again…</source>
        <translation>Erneut &amp;transkribieren …</translation>
    </message>
    <message>
        <source>Re&amp;name meeting…</source>
        <translation>Besprechung um&amp;benennen …</translation>
    </message>
    <message>
        <source>&amp;Move meeting to the bin</source>
        <translation>Besprechung in den Papier&amp;korb</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Show the &amp;bin…</source>
        <translation>Pap&amp;ierkorb zeigen …</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>&amp;Copy as text</source>
        <translation>Als Te&amp;xt kopieren</translation>
    </message>
    <message>
        <source>&amp;People…</source>
        <translation>&amp;Personen …</translation>
    </message>
    <message>
        <source>Remember this &amp;voice</source>
        <translation>Diese &amp;Stimme merken</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>Ei&amp;nstellungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>B&amp;eenden</translation>
    </message>
    <message>
        <source>&amp;Copy turn</source>
        <translation>Beitrag &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Rename speaker…</source>
        <translation>Person &amp;umbenennen …</translation>
    </message>
    <message>
        <source>&amp;Find in all meetings</source>
        <translation>In allen Besprechungen &amp;suchen</translation>
    </message>
    <message>
        <source>Go to &amp;meetings</source>
        <translation>Zu den &amp;Besprechungen</translation>
    </message>
    <message>
        <source>Go to &amp;turns</source>
        <translation>Zu den B&amp;eiträgen</translation>
    </message>
    <message>
        <source>Back to &amp;live</source>
        <translation>Zurück zu &amp;live</translation>
    </message>
    <message>
        <source>Show the &amp;library</source>
        <translation>Bi&amp;bliothek zeigen</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Copy &amp;diagnosis</source>
        <translation>&amp;Diagnose kopieren</translation>
    </message>
    <message>
        <source>&amp;About Crosstalk</source>
        <translation>&amp;Über Crosstalk</translation>
    </message>
    <message>
        <source>&amp;Meeting</source>
        <translation>Be&amp;sprechung</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Playback</source>
        <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>Edit &amp;words</source>
        <translation>&amp;Wörter ändern</translation>
    </message>
    <message>
        <source>&amp;Split turn…</source>
        <translation>Beitrag &amp;teilen …</translation>
    </message>
    <message>
        <source>&amp;Join with the next turn</source>
        <translation>Mit dem &amp;nächsten Beitrag verbinden</translation>
    </message>
    <message>
        <source>&amp;Delete turns</source>
        <translation>Beiträge &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Person of this turn…</source>
        <translation>&amp;Person dieses Beitrags …</translation>
    </message>
    <message>
        <source>&amp;All turns of this person to…</source>
        <translation>&amp;Alle Beiträge dieser Person an …</translation>
    </message>
    <message>
        <source>&amp;Merge this person into…</source>
        <translation>Diese Person &amp;zusammenlegen mit …</translation>
    </message>
    <message>
        <source>Start 0.1 s earlier</source>
        <translation>Beginn 0,1 s früher</translation>
    </message>
    <message>
        <source>Start 0.1 s later</source>
        <translation>Beginn 0,1 s später</translation>
    </message>
    <message>
        <source>End 0.1 s earlier</source>
        <translation>Ende 0,1 s früher</translation>
    </message>
    <message>
        <source>End 0.1 s later</source>
        <translation>Ende 0,1 s später</translation>
    </message>
    <message>
        <source>S&amp;tart and end…</source>
        <translation>Be&amp;ginn und Ende …</translation>
    </message>
    <message>
        <source>&amp;Times</source>
        <translation>&amp;Zeiten</translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation>&amp;Abspielen oder anhalten</translation>
    </message>
    <message>
        <source>&amp;Back 5 s</source>
        <translation>5 s &amp;zurück</translation>
    </message>
    <message>
        <source>&amp;Forward 5 s</source>
        <translation>5 s &amp;vor</translation>
    </message>
    <message>
        <source>Back &amp;10 s</source>
        <translation>&amp;10 s zurück</translation>
    </message>
    <message>
        <source>Forward 1&amp;0 s</source>
        <translation>1&amp;0 s vor</translation>
    </message>
    <message>
        <source>&amp;Slower</source>
        <translation>&amp;Langsamer</translation>
    </message>
    <message>
        <source>F&amp;aster</source>
        <translation>&amp;Schneller</translation>
    </message>
    <message>
        <source>Play this &amp;turn</source>
        <translation>Diesen &amp;Beitrag abspielen</translation>
    </message>
    <message>
        <source>Scroll &amp;along</source>
        <translation>&amp;Mitlaufen</translation>
    </message>
    <message>
        <source>&amp;Go to timeline</source>
        <translation>Zur &amp;Zeitleiste</translation>
    </message>
    <message>
        <source>Book&amp;mark this moment</source>
        <translation>Diesen &amp;Moment merken</translation>
    </message>
    <message>
        <source>Bookmark with a &amp;note…</source>
        <translation>Lesezeichen mit &amp;Notiz …</translation>
    </message>
    <message>
        <source>Show &amp;notes</source>
        <translation>&amp;Notizen zeigen</translation>
    </message>
    <message>
        <source>F&amp;ind in this meeting</source>
        <translation>&amp;In dieser Besprechung suchen</translation>
    </message>
    <message>
        <source>Find ne&amp;xt</source>
        <translation>&amp;Weitersuchen</translation>
    </message>
    <message>
        <source>Find pre&amp;vious</source>
        <translation>&amp;Rückwärts suchen</translation>
    </message>
</context>
<context>
    <name>AgainDialog</name>
    <message>
        <source>Transcribe again</source>
        <translation>Erneut transkribieren</translation>
    </message>
    <message>
        <source>Transcribe</source>
        <translation>Transkribieren</translation>
    </message>
    <message>
        <source>The model of the settings</source>
        <translation>Das Modell der Einstellungen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>The recording is heard once more. What you corrected stays as it is, and the new text can be undone.</source>
        <translation>Die Aufnahme wird noch einmal gehört. Was Sie berichtigt haben, bleibt, wie es ist, und der neue Text lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>The recording is heard, and who says what is written down.</source>
        <translation>Die Aufnahme wird gehört, und es wird aufgeschrieben, wer was sagt.</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
</context>
<context>
    <name>Announcer</name>
    <message>
        <source>{name}: {words}</source>
        <translation>{name}: {words}</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>{number}%</source>
        <translation>{number} %</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>BinDialog</name>
    <message>
        <source>Bin</source>
        <translation>Papierkorb</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Empty the bin…</source>
        <translation>Papierkorb &amp;leeren …</translation>
    </message>
    <message numerus="yes">
        <source>Meetings stay here for %Ln days, then they are destroyed.</source>
        <translation>
            <numerusform>Besprechungen bleiben %Ln Tag hier, dann werden sie vernichtet.</numerusform>
            <numerusform>Besprechungen bleiben %Ln Tage hier, dann werden sie vernichtet.</numerusform>
        </translation>
    </message>
    <message>
        <source>The bin is empty.</source>
        <translation>Der Papierkorb ist leer.</translation>
    </message>
    <message>
        <source>Empty the bin</source>
        <translation>Papierkorb leeren</translation>
    </message>
    <message>
        <source>Destroy these meetings and their recordings for good?</source>
        <translation>Diese Besprechungen und ihre Aufnahmen endgültig vernichten?</translation>
    </message>
    <message>
        <source>They cannot be brought back.</source>
        <translation>Sie lassen sich nicht zurückholen.</translation>
    </message>
    <message>
        <source>&amp;Destroy</source>
        <translation>&amp;Vernichten</translation>
    </message>
    <message>
        <source>&amp;Keep them</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>Meetings in the bin</source>
        <translation>Besprechungen im Papierkorb</translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>A meeting is being recorded</source>
        <translation>Eine Besprechung wird aufgenommen</translation>
    </message>
    <message>
        <source>Stop the recording and close? Everything recorded so far is kept.</source>
        <translation>Aufnahme beenden und schließen? Alles bisher Aufgenommene bleibt erhalten.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Beenden und schließen</translation>
    </message>
    <message>
        <source>Keep recording</source>
        <translation>Weiter aufnehmen</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>Wird fertiggestellt</translation>
    </message>
    <message>
        <source>The sound is saved. The last words are still being written; then the window closes by itself. If you close now, those words will be missing.</source>
        <translation>Der Ton ist gesichert. Die letzten Wörter werden noch geschrieben, dann schließt sich das Fenster von selbst. Wenn Sie jetzt schließen, fehlen diese Wörter.</translation>
    </message>
    <message>
        <source>Do not close</source>
        <translation>Nicht schließen</translation>
    </message>
    <message>
        <source>Close now</source>
        <translation>Jetzt schließen</translation>
    </message>
</context>
<context>
    <name>Copier</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Corrections</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Undo: {what}</source>
        <translation>&amp;Rückgängig: {what}</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Redo: {what}</source>
        <translation>&amp;Wiederholen: {what}</translation>
    </message>
    <message>
        <source>Undone: {what}</source>
        <translation>Rückgängig gemacht: {what}</translation>
    </message>
    <message>
        <source>change of words</source>
        <translation>Änderung von Wörtern</translation>
    </message>
    <message>
        <source>name of a person</source>
        <translation>Name einer Person</translation>
    </message>
    <message>
        <source>merging people</source>
        <translation>Zusammenlegen von Personen</translation>
    </message>
    <message>
        <source>who speaks</source>
        <translation>wer spricht</translation>
    </message>
    <message>
        <source>splitting a turn</source>
        <translation>Teilen eines Beitrags</translation>
    </message>
    <message>
        <source>joining turns</source>
        <translation>Verbinden von Beiträgen</translation>
    </message>
    <message>
        <source>start or end of a turn</source>
        <translation>Beginn oder Ende eines Beitrags</translation>
    </message>
    <message>
        <source>deleting turns</source>
        <translation>Löschen von Beiträgen</translation>
    </message>
    <message>
        <source>transcribing again</source>
        <translation>erneutes Transkribieren</translation>
    </message>
    <message>
        <source>Words changed</source>
        <translation>Wörter geändert</translation>
    </message>
    <message>
        <source>Person renamed</source>
        <translation>Person umbenannt</translation>
    </message>
    <message>
        <source>People merged</source>
        <translation>Personen zusammengelegt</translation>
    </message>
    <message>
        <source>Turn split</source>
        <translation>Beitrag geteilt</translation>
    </message>
    <message>
        <source>Turns joined</source>
        <translation>Beiträge verbunden</translation>
    </message>
    <message>
        <source>Turn moved</source>
        <translation>Beitrag verschoben</translation>
    </message>
    <message>
        <source>Transcribed again</source>
        <translation>Erneut transkribiert</translation>
    </message>
</context>
<context>
    <name>Corrector</name>
    <message>
        <source>&amp;Undo deleting the meeting</source>
        <translation>Löschen der Besprechung &amp;rückgängig machen</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>So lassen</translation>
    </message>
</context>
<context>
    <name>DeviceBox</name>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>The microphone to record</source>
        <translation>Das Mikrofon für die Aufnahme</translation>
    </message>
    <message>
        <source>Looking for microphones…</source>
        <translation>Mikrofone werden gesucht …</translation>
    </message>
    <message>
        <source>No microphone found</source>
        <translation>Kein Mikrofon gefunden</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Standard des Systems</translation>
    </message>
    <message>
        <source>{name} (not connected)</source>
        <translation>{name} (nicht verbunden)</translation>
    </message>
</context>
<context>
    <name>DownloadDialog</name>
    <message>
        <source>Download a model</source>
        <translation>Modell herunterladen</translation>
    </message>
    <message>
        <source>“{name}” is installed. Its SHA-256 is {digest}.</source>
        <translation>„{name}“ ist installiert. Die SHA-256-Prüfsumme ist {digest}.</translation>
    </message>
    <message>
        <source>{come} of {all}</source>
        <translation>{come} von {all}</translation>
    </message>
    <message>
        <source>&amp;See what is there</source>
        <translation>&amp;Nachsehen, was dort liegt</translation>
    </message>
    <message>
        <source>&amp;Download and install</source>
        <translation>&amp;Herunterladen und installieren</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Enter the address of a model file. It begins with https://.</source>
        <translation>Geben Sie die Adresse einer Modelldatei ein. Sie beginnt mit https://.</translation>
    </message>
    <message>
        <source>Pressing the button contacts {host}, which then knows the address of your computer. Nothing else is sent.</source>
        <translation>Der Knopf stellt eine Verbindung zu {host} her; dort wird die Adresse Ihres Computers bekannt. Sonst wird nichts gesendet.</translation>
    </message>
    <message>
        <source>unknown size</source>
        <translation>Größe unbekannt</translation>
    </message>
    <message>
        <source>none is named: ask who made it</source>
        <translation>keine genannt: fragen Sie, wer es gemacht hat</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Address of the model</source>
        <translation>Adresse des Modells</translation>
    </message>
    <message>
        <source>SHA-256 checksum, if you know it</source>
        <translation>SHA-256-Prüfsumme, falls bekannt</translation>
    </message>
    <message>
        <source>How much has come</source>
        <translation>Wie viel schon da ist</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Files can be dropped here</source>
        <translation>Dateien können hier abgelegt werden</translation>
    </message>
    <message>
        <source>Drop audio or video to transcribe it</source>
        <translation>Audio oder Video hier ablegen, um es zu transkribieren</translation>
    </message>
    <message>
        <source>Several files or whole folders, if you like</source>
        <translation>Gern auch mehrere Dateien oder ganze Ordner</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Play the sample meeting</source>
        <translation>Beispielbesprechung abspielen</translation>
    </message>
    <message>
        <source>No microphone was found</source>
        <translation>Es wurde kein Mikrofon gefunden</translation>
    </message>
    <message>
        <source>Who says what, while they say it</source>
        <translation>Wer was sagt, während es gesagt wird</translation>
    </message>
    <message>
        <source>Press Record and talk. Each turn appears as it is spoken, with its start and its end, also when people talk over each other. Nothing leaves this computer.</source>
        <translation>Drücken Sie „Aufnehmen“ und sprechen Sie. Jeder Beitrag erscheint, während er gesprochen wird, mit Beginn und Ende, auch wenn alle durcheinanderreden. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>Connect a microphone, or allow this program to use it: it will show up by itself. The sample meeting and your library work without one.</source>
        <translation>Schließen Sie ein Mikrofon an oder erlauben Sie diesem Programm, es zu benutzen: Es erscheint von selbst. Die Beispielbesprechung und Ihre Bibliothek gehen auch ohne.</translation>
    </message>
</context>
<context>
    <name>EnginePage</name>
    <message>
        <source>Speech engine</source>
        <translation>Spracherkennung</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Computes on</source>
        <translation>Rechnet auf</translation>
    </message>
    <message>
        <source>Choose by itself</source>
        <translation>Selbst wählen lassen</translation>
    </message>
    <message>
        <source>The processor (CPU)</source>
        <translation>Dem Prozessor (CPU)</translation>
    </message>
    <message>
        <source>A graphics card (CUDA)</source>
        <translation>Einer Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <source>An Apple GPU (MPS)</source>
        <translation>Einer Apple-GPU (MPS)</translation>
    </message>
    <message>
        <source>How much it computes</source>
        <translation>Wie viel sie rechnet</translation>
    </message>
    <message>
        <source>Best: computes more</source>
        <translation>Am besten: rechnet mehr</translation>
    </message>
    <message>
        <source>Balanced: as the model decides</source>
        <translation>Ausgewogen: wie das Modell</translation>
    </message>
    <message>
        <source>Saver: computes less</source>
        <translation>Sparsam: rechnet weniger</translation>
    </message>
    <message>
        <source>Looking what this computer has…</source>
        <translation>Es wird nachgesehen, was dieser Computer hat …</translation>
    </message>
    <message>
        <source>{name} (missing)</source>
        <translation>{name} (fehlt)</translation>
    </message>
    <message>
        <source>The chosen model always computes everything, so there is no choice.</source>
        <translation>Das gewählte Modell rechnet immer alles, deshalb gibt es hier keine Wahl.</translation>
    </message>
    <message>
        <source>Found: {gpu}. “Choose by itself” takes it.</source>
        <translation>Gefunden: {gpu}. „Selbst wählen lassen“ nimmt sie.</translation>
    </message>
    <message>
        <source>Found: no graphics card that the engine can use, so it computes on the processor ({cores} cores). That is enough to follow a meeting.</source>
        <translation>Gefunden: keine Grafikkarte, die sich nutzen lässt; gerechnet wird auf dem Prozessor ({cores} Kerne). Das genügt, um einer Besprechung zu folgen.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>The &amp;whole meeting</source>
        <translation>Die &amp;ganze Besprechung</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <source>Count &amp;times from the start of the part</source>
        <translation>&amp;Zeiten ab dem Anfang des Teils zählen</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>“{text}” is no time: type minutes and seconds, such as 1:23.</source>
        <translation>„{text}“ ist keine Zeit: Geben Sie Minuten und Sekunden ein, zum Beispiel 1:23.</translation>
    </message>
    <message>
        <source>The meeting is over at {end}: choose an earlier start.</source>
        <translation>Die Besprechung ist bei {end} zu Ende: Wählen Sie einen früheren Anfang.</translation>
    </message>
    <message>
        <source>The part would end before it begins: choose a later end.</source>
        <translation>Der Teil würde enden, bevor er anfängt: Wählen Sie ein späteres Ende.</translation>
    </message>
    <message>
        <source>The &amp;selected turn</source>
        <translation>Der &amp;ausgewählte Beitrag</translation>
    </message>
    <message numerus="yes">
        <source>The %Ln &amp;selected turns</source>
        <translation>
            <numerusform>Der %Ln &amp;ausgewählte Beitrag</numerusform>
            <numerusform>Die %Ln &amp;ausgewählten Beiträge</numerusform>
        </translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Start of the part</source>
        <translation>Anfang des Teils</translation>
    </message>
    <message>
        <source>End of the part</source>
        <translation>Ende des Teils</translation>
    </message>
    <message>
        <source>Minutes and seconds, such as 1:23, or 1:02:03.</source>
        <translation>Minuten und Sekunden, zum Beispiel 1:23 oder 1:02:03.</translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation>F&amp;ormat</translation>
    </message>
    <message>
        <source>to</source>
        <comment>between two times</comment>
        <translation>bis</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>E&amp;xport selected turns</source>
        <translation>Ausgewählte Beiträge e&amp;xportieren</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} von {total}</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Nicht gefunden</translation>
    </message>
    <message>
        <source>Find in this meeting</source>
        <translation>In dieser Besprechung suchen</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Previous match (Shift+F3)</source>
        <translation>Voriger Treffer (Umschalt+F3)</translation>
    </message>
    <message>
        <source>Next match (F3)</source>
        <translation>Nächster Treffer (F3)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>Suche schließen</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>Plain text</source>
        <translation>Einfacher Text</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word-Dokument</translation>
    </message>
    <message>
        <source>SRT subtitles</source>
        <translation>Untertitel als SRT</translation>
    </message>
    <message>
        <source>WebVTT subtitles</source>
        <translation>Untertitel als WebVTT</translation>
    </message>
    <message>
        <source>JSON with words, times and confidences</source>
        <translation>JSON mit Wörtern, Zeiten und Sicherheiten</translation>
    </message>
    <message>
        <source>SegLST, for scoring with MeetEval</source>
        <translation>SegLST, zum Auswerten mit MeetEval</translation>
    </message>
    <message>
        <source>RTTM, who speaks when</source>
        <translation>RTTM, wer wann spricht</translation>
    </message>
    <message>
        <source>CTM, words for scoring</source>
        <translation>CTM, Wörter zum Auswerten</translation>
    </message>
    <message>
        <source>STM, turns for scoring</source>
        <translation>STM, Beiträge zum Auswerten</translation>
    </message>
    <message>
        <source>TextGrid, for Praat</source>
        <translation>TextGrid, für Praat</translation>
    </message>
    <message>
        <source>EAF, for ELAN</source>
        <translation>EAF, für ELAN</translation>
    </message>
    <message>
        <source>Sound as WAV</source>
        <translation>Ton als WAV</translation>
    </message>
    <message>
        <source>Sound as FLAC, exact and smaller</source>
        <translation>Ton als FLAC, genau und kleiner</translation>
    </message>
    <message>
        <source>Sound as Opus, smallest</source>
        <translation>Ton als Opus, am kleinsten</translation>
    </message>
</context>
<context>
    <name>Importer</name>
    <message>
        <source>Import files</source>
        <translation>Dateien importieren</translation>
    </message>
    <message>
        <source>“{title}” is transcribed</source>
        <translation>„{title}“ ist transkribiert</translation>
    </message>
    <message>
        <source>“{title}” failed</source>
        <translation>„{title}“ ist fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>JobPanel</name>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>What is being transcribed</source>
        <translation>Was gerade transkribiert wird</translation>
    </message>
    <message>
        <source>Take what is over off this list</source>
        <translation>Erledigtes aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Open the meeting of the marked file</source>
        <translation>Besprechung der markierten Datei öffnen</translation>
    </message>
    <message>
        <source>Cancel the marked file</source>
        <translation>Markierte Datei abbrechen</translation>
    </message>
    <message>
        <source>Try the marked file again</source>
        <translation>Markierte Datei noch einmal versuchen</translation>
    </message>
    <message>
        <source>Take the marked file off this list</source>
        <translation>Markierte Datei aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Transcribing</source>
        <translation>Wird transkribiert</translation>
    </message>
</context>
<context>
    <name>JobQueue</name>
    <message>
        <source>There is no audio or video in this folder: choose the files.</source>
        <translation>In diesem Ordner ist kein Audio oder Video: Wählen Sie die Dateien selbst.</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Done, with parts missing</source>
        <translation>Fertig, Teile fehlen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>noch ein paar Sekunden</translation>
    </message>
    <message>
        <source>about {count} s left</source>
        <translation>noch etwa {count} s</translation>
    </message>
    <message>
        <source>about {count} min left</source>
        <translation>noch etwa {count} min</translation>
    </message>
    <message>
        <source>about {count} h left</source>
        <translation>noch etwa {count} h</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Waits for the recording to end</source>
        <translation>Wartet, bis die Aufnahme zu Ende ist</translation>
    </message>
    <message>
        <source>Copying</source>
        <translation>Wird kopiert</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Input level</source>
        <translation>Eingangspegel</translation>
    </message>
    <message>
        <source>{level} decibels, average {average}</source>
        <translation>{level} Dezibel, im Mittel {average}</translation>
    </message>
</context>
<context>
    <name>LibraryFilter</name>
    <message>
        <source>Everybody</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Any day</source>
        <translation>Jeder Tag</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Between…</source>
        <translation>Zwischen …</translation>
    </message>
    <message>
        <source>Only meetings in which this person speaks</source>
        <translation>Nur Besprechungen, in denen diese Person spricht</translation>
    </message>
    <message>
        <source>Only meetings of these days</source>
        <translation>Nur Besprechungen dieser Tage</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Erster Tag</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Letzter Tag</translation>
    </message>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
</context>
<context>
    <name>LibraryHead</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Search all meetings</source>
        <translation>Alle Besprechungen durchsuchen</translation>
    </message>
    <message>
        <source>Search the words, people and titles of all meetings</source>
        <translation>Wörter, Personen und Titel aller Besprechungen durchsuchen</translation>
    </message>
    <message>
        <source>Words, or a phrase in &quot;quotes&quot;</source>
        <translation>Wörter, oder eine Wendung in &quot;Anführungszeichen&quot;</translation>
    </message>
    <message>
        <source>Filter by person and day</source>
        <translation>Nach Person und Tag filtern</translation>
    </message>
    <message>
        <source>Meetings</source>
        <translation>Besprechungen</translation>
    </message>
</context>
<context>
    <name>LibraryPanel</name>
    <message>
        <source>Play the sample meeting</source>
        <translation>Beispielbesprechung abspielen</translation>
    </message>
    <message>
        <source>Bin</source>
        <translation>Papierkorb</translation>
    </message>
    <message numerus="yes">
        <source>The first {count} of %Ln places. More words find fewer.</source>
        <translation>
            <numerusform>Die ersten {count} von %Ln Stelle. Mit mehr Wörtern werden es weniger.</numerusform>
            <numerusform>Die ersten {count} von %Ln Stellen. Mit mehr Wörtern werden es weniger.</numerusform>
        </translation>
    </message>
    <message>
        <source>{size} in all</source>
        <translation>{size} insgesamt</translation>
    </message>
    <message>
        <source>Bin ({count})</source>
        <translation>Papierkorb ({count})</translation>
    </message>
    <message>
        <source>Nothing was found. Try fewer words, or the beginning of one.</source>
        <translation>Nichts gefunden. Versuchen Sie weniger Wörter oder den Anfang eines Wortes.</translation>
    </message>
    <message>
        <source>Your meetings appear here. Drop audio or video files to add some.</source>
        <translation>Hier erscheinen Ihre Besprechungen. Legen Sie Audio- oder Videodateien hier ab, um welche hinzuzufügen.</translation>
    </message>
    <message>
        <source>Places that were found</source>
        <translation>Gefundene Stellen</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
</context>
<context>
    <name>ListDialog</name>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Sample meeting</source>
        <translation>Beispielbesprechung</translation>
    </message>
    <message>
        <source>The sample meeting is missing: install Crosstalk again to get it back.</source>
        <translation>Die Beispielbesprechung fehlt: Installieren Sie Crosstalk neu, um sie zurückzubekommen.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert …</translation>
    </message>
    <message>
        <source>Saved as {path}</source>
        <translation>Gespeichert als {path}</translation>
    </message>
</context>
<context>
    <name>MeetingDelegate</name>
    <message>
        <source>Title of the meeting</source>
        <translation>Titel der Besprechung</translation>
    </message>
</context>
<context>
    <name>MeetingList</name>
    <message>
        <source>Transcribing…</source>
        <translation>Wird transkribiert …</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Recovered</source>
        <translation>Wiederhergestellt</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>Noch kein Text</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
</context>
<context>
    <name>MeetingPage</name>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Back to live</source>
        <translation>Zurück zu live</translation>
    </message>
    <message>
        <source>Transcribe now…</source>
        <translation>Jetzt transkribieren …</translation>
    </message>
    <message>
        <source>Go to what is being said now</source>
        <translation>Zu dem, was gerade gesagt wird</translation>
    </message>
</context>
<context>
    <name>MeetingView</name>
    <message>
        <source>Meetings</source>
        <translation>Besprechungen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Transcribe again…</source>
        <translation>Erneut transkribieren …</translation>
    </message>
    <message>
        <source>Move to the bin</source>
        <translation>In den Papierkorb</translation>
    </message>
</context>
<context>
    <name>Mishaps</name>
    <message>
        <source>Something unexpected happened ({what}). What was recorded is safe. Please report it with the file {log}.</source>
        <translation>Etwas Unerwartetes ist geschehen ({what}). Das Aufgenommene ist sicher. Bitte melden Sie es mit der Datei {log}.</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>&amp;Use this model</source>
        <translation>Dieses Modell &amp;benutzen</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen …</translation>
    </message>
    <message>
        <source>Install from a &amp;file…</source>
        <translation>&amp;Datei installieren …</translation>
    </message>
    <message>
        <source>Install from a f&amp;older…</source>
        <translation>&amp;Ordner installieren …</translation>
    </message>
    <message>
        <source>&amp;Download…</source>
        <translation>&amp;Herunterladen …</translation>
    </message>
    <message>
        <source>Installing…</source>
        <translation>Wird installiert …</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>Modell entfernen</translation>
    </message>
    <message>
        <source>Remove the model “{name}” from this computer?</source>
        <translation>Das Modell „{name}“ von diesem Computer entfernen?</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>Meetings that were transcribed with it stay as they are.</source>
        <translation>Besprechungen, die damit transkribiert wurden, bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>A meeting is being recorded with it. It goes on with this model to its end; the next one uses “{name}”.</source>
        <translation>Damit wird gerade eine Besprechung aufgenommen. Sie läuft mit diesem Modell bis zu ihrem Ende weiter; die nächste benutzt „{name}“.</translation>
    </message>
    <message>
        <source>It is the one in use: from then on that is “{name}”.</source>
        <translation>Es ist das benutzte: Danach ist das „{name}“.</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Benutzung</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>unbrauchbar</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>Wofür</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>Gelernt aus</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Install a model</source>
        <translation>Modell installieren</translation>
    </message>
    <message>
        <source>Install all models of a folder</source>
        <translation>Alle Modelle eines Ordners installieren</translation>
    </message>
    <message>
        <source>Installed models</source>
        <translation>Installierte Modelle</translation>
    </message>
    <message>
        <source>A model turns speech into words and turns. Crosstalk never looks for models by itself: you install them from a file, or from an address that you enter.</source>
        <translation>Ein Modell macht aus Sprache Wörter und Beiträge. Crosstalk sucht nie von selbst nach Modellen: Sie installieren sie aus einer Datei oder von einer Adresse, die Sie eingeben.</translation>
    </message>
</context>
<context>
    <name>NotesPanel</name>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>No bookmarks yet. Ctrl+D sets one at this moment, also while recording.</source>
        <translation>Noch keine Lesezeichen. Strg+D setzt eines an diesem Moment, auch während der Aufnahme.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Bookmarks of the meeting</source>
        <translation>Lesezeichen der Besprechung</translation>
    </message>
    <message>
        <source>Text of the bookmark</source>
        <translation>Text des Lesezeichens</translation>
    </message>
    <message>
        <source>Delete the bookmark</source>
        <translation>Lesezeichen löschen</translation>
    </message>
    <message>
        <source>Take back the last change of a bookmark</source>
        <translation>Letzte Änderung eines Lesezeichens zurücknehmen</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>Crosstalk then keeps, for every turn of new meetings, some numbers that describe the voice, and compares them with the voices that you save. They are kept in the library on this computer, never leave it, and are in no export. Speech cannot be made from them, but they can tell a person apart: save a voice only if that person agrees. In People you can delete one voice or all of them at any time, and switch this off.</source>
        <translation>Crosstalk bewahrt dann zu jedem Beitrag neuer Besprechungen einige Zahlen auf, die die Stimme beschreiben, und vergleicht sie mit den Stimmen, die Sie speichern. Sie liegen in der Bibliothek auf diesem Computer, verlassen ihn nie und stehen in keinem Export. Sprache lässt sich daraus nicht machen, aber eine Person erkennen: Speichern Sie eine Stimme nur, wenn diese Person einverstanden ist. Unter „Personen“ können Sie jederzeit eine Stimme oder alle löschen und dies abschalten.</translation>
    </message>
    <message>
        <source>No voice is saved yet. Open a meeting that was heard with this switched on, name a speaker, and choose “Remember this voice” in the menu of one of their turns. About {seconds} seconds of speech are needed.</source>
        <translation>Noch ist keine Stimme gespeichert. Öffnen Sie eine Besprechung, die hiermit eingeschaltet gehört wurde, benennen Sie eine Person und wählen Sie „Diese Stimme merken“ im Menü eines ihrer Beiträge. Etwa {seconds} Sekunden Sprache sind nötig.</translation>
    </message>
    <message>
        <source>{seconds} s · saved {day} · {models} · from {meetings}</source>
        <translation>{seconds} s · gespeichert {day} · {models} · aus {meetings}</translation>
    </message>
    <message>
        <source>Saved with another model. Save it again from a meeting heard with {name}.</source>
        <translation>Mit einem anderen Modell gespeichert. Speichern Sie sie neu aus einer Besprechung, die {name} gehört hat.</translation>
    </message>
    <message>
        <source>The voice of {name} is saved: {seconds} s of speech</source>
        <translation>Die Stimme von {name} ist gespeichert: {seconds} s Sprache</translation>
    </message>
    <message>
        <source>a deleted meeting</source>
        <translation>einer gelöschten Besprechung</translation>
    </message>
    <message>
        <source>Choose a turn whose speaker has a name</source>
        <translation>Wählen Sie einen Beitrag, dessen Person einen Namen hat</translation>
    </message>
    <message>
        <source>Recognise voices</source>
        <translation>Stimmen erkennen</translation>
    </message>
    <message>
        <source>Recognise voices from meeting to meeting?</source>
        <translation>Stimmen von Besprechung zu Besprechung erkennen?</translation>
    </message>
    <message>
        <source>&amp;Recognise voices</source>
        <translation>&amp;Stimmen erkennen</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Nicht jetzt</translation>
    </message>
    <message>
        <source>Yes, this is {name}</source>
        <translation>Ja, das ist {name}</translation>
    </message>
    <message>
        <source>No, this is not {name}</source>
        <translation>Nein, das ist nicht {name}</translation>
    </message>
    <message>
        <source>Remember this voice (name the speaker first)</source>
        <translation>Diese Stimme merken (erst die Person benennen)</translation>
    </message>
    <message>
        <source>Remember this voice as {name}</source>
        <translation>Diese Stimme als {name} merken</translation>
    </message>
    <message>
        <source>Recognised: {name}</source>
        <translation>Erkannt: {name}</translation>
    </message>
    <message>
        <source>Deleted for good</source>
        <translation>Endgültig gelöscht</translation>
    </message>
</context>
<context>
    <name>PeopleDialog</name>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>&amp;Recognise saved voices</source>
        <translation>Gespeicherte Stimmen &amp;erkennen</translation>
    </message>
    <message>
        <source>Re&amp;name</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Löschen …</translation>
    </message>
    <message>
        <source>Delete &amp;all voices…</source>
        <translation>&amp;Alle Stimmen löschen …</translation>
    </message>
    <message>
        <source>Delete the voice of {name} for good?</source>
        <translation>Die Stimme von {name} endgültig löschen?</translation>
    </message>
    <message>
        <source>Later meetings will not name this person any more. The names in your meetings stay; those with a question mark go.</source>
        <translation>Spätere Besprechungen nennen diese Person nicht mehr. Die Namen in Ihren Besprechungen bleiben; die mit einem Fragezeichen verschwinden.</translation>
    </message>
    <message>
        <source>All saved people go, and what was kept of the voices in your meetings. The meetings and the names in them stay; names with a question mark go.</source>
        <translation>Alle gespeicherten Personen verschwinden, und was von den Stimmen in Ihren Besprechungen aufbewahrt wurde. Die Besprechungen und die Namen darin bleiben; Namen mit einem Fragezeichen verschwinden.</translation>
    </message>
    <message>
        <source>Delete all voices for good?</source>
        <translation>Alle Stimmen endgültig löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>People whose voices are saved</source>
        <translation>Personen, deren Stimmen gespeichert sind</translation>
    </message>
</context>
<context>
    <name>PeopleMenu</name>
    <message>
        <source>&amp;New person</source>
        <translation>&amp;Neue Person</translation>
    </message>
</context>
<context>
    <name>PersonDelegate</name>
    <message>
        <source>Name of the person</source>
        <translation>Name der Person</translation>
    </message>
</context>
<context>
    <name>PlayerBar</name>
    <message>
        <source>Pause (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
    <message>
        <source>Play (Esc)</source>
        <translation>Abspielen (Esc)</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Speed; the pitch stays (Alt+Up, Alt+Down)</source>
        <translation>Tempo; die Tonhöhe bleibt (Alt+Auf, Alt+Ab)</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Looking at everything…</source>
        <translation>Alles wird angesehen …</translation>
    </message>
    <message>
        <source>The diagnosis is on the clipboard</source>
        <translation>Die Diagnose liegt in der Zwischenablage</translation>
    </message>
</context>
<context>
    <name>Presenter</name>
    <message>
        <source>There is no text: nobody spoke, or the meeting was only recorded.</source>
        <translation>Es gibt keinen Text: Niemand hat gesprochen, oder die Besprechung wurde nur aufgenommen.</translation>
    </message>
    <message>
        <source>The last words are being written…</source>
        <translation>Die letzten Wörter werden geschrieben …</translation>
    </message>
    <message>
        <source>Recording already. The first words appear once the engine is loaded.</source>
        <translation>Es wird schon aufgenommen. Die ersten Wörter erscheinen, sobald die Spracherkennung geladen ist.</translation>
    </message>
    <message>
        <source>Recording, without text: the speech engine failed.</source>
        <translation>Aufnahme ohne Text: Die Spracherkennung ist ausgefallen.</translation>
    </message>
    <message>
        <source>Recording only. The text of this meeting can be made later.</source>
        <translation>Nur Aufnahme. Der Text dieser Besprechung kann später gemacht werden.</translation>
    </message>
    <message>
        <source>Listening. Words appear here as soon as somebody speaks.</source>
        <translation>Es wird zugehört. Wörter erscheinen hier, sobald jemand spricht.</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>Everything that is recorded, written or learned stays on this computer. Crosstalk has no account, sends no statistics and looks for no updates. It uses the network for one thing only: a model that you download from an address that you entered.</source>
        <translation>Alles, was aufgenommen, geschrieben oder gelernt wird, bleibt auf diesem Computer. Crosstalk hat kein Konto, sendet keine Statistik und sucht nicht nach neuen Versionen. Es benutzt das Netz nur für eines: ein Modell, das Sie von einer Adresse herunterladen, die Sie eingegeben haben.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>Library, with its backups</source>
        <translation>Bibliothek, mit ihren Sicherungen</translation>
    </message>
    <message>
        <source>Installed models</source>
        <translation>Installierte Modelle</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Keep recording</source>
        <translation>Weiter aufnehmen</translation>
    </message>
</context>
<context>
    <name>RecordingPage</name>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Record the sound of this computer too</source>
        <translation>Auch den Ton dieses Computers aufnehmen</translation>
    </message>
    <message>
        <source>Transcribe while recording</source>
        <translation>Während der Aufnahme transkribieren</translation>
    </message>
    <message>
        <source>Keep the computer awake</source>
        <translation>Den Computer wach halten</translation>
    </message>
    <message>
        <source>Ask about a forgotten recording</source>
        <translation>Nach vergessenen Aufnahmen fragen</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message numerus="yes">
        <source>After %Ln minutes</source>
        <translation>
            <numerusform>Nach %Ln Minute</numerusform>
            <numerusform>Nach %Ln Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>{seconds} s before</source>
        <translation>{seconds} s vorher</translation>
    </message>
    <message>
        <source>Begin before Record is pressed</source>
        <translation>Vor dem Drücken von „Aufnehmen“ beginnen</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
</context>
<context>
    <name>Reviewer</name>
    <message>
        <source>Playing waits until the recording has ended: it would be recorded.</source>
        <translation>Abspielen geht erst, wenn die Aufnahme zu Ende ist: Es würde mit aufgenommen.</translation>
    </message>
    <message>
        <source>Open a meeting to play it.</source>
        <translation>Öffnen Sie eine Besprechung, um sie abzuspielen.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Form of this file.</source>
        <translation>Form dieser Datei.</translation>
    </message>
    <message>
        <source>The microphone that a meeting is recorded with.</source>
        <translation>Das Mikrofon, mit dem eine Besprechung aufgenommen wird.</translation>
    </message>
    <message>
        <source>Where the speech engine computes. A processor is enough to follow a meeting; a GPU leaves it free for other programs and transcribes files faster.</source>
        <translation>Worauf die Spracherkennung rechnet. Ein Prozessor genügt, um einer Besprechung zu folgen; eine GPU lässt ihn für andere Programme frei und transkribiert Dateien schneller.</translation>
    </message>
    <message>
        <source>How much the speech engine computes, with a model that can leave something out. Less spares the battery and the fan, and may cost words.</source>
        <translation>Wie viel die Spracherkennung rechnet, mit einem Modell, das etwas auslassen kann. Weniger schont Akku und Lüfter und kann Wörter kosten.</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>Farben des Fensters.</translation>
    </message>
    <message>
        <source>How large everything is written, the transcript too.</source>
        <translation>Wie groß alles geschrieben wird, auch das Transkript.</translation>
    </message>
    <message>
        <source>The language of the window, from the next start on. It does not change which language the speech engine understands: that is a matter of the model.</source>
        <translation>Die Sprache des Fensters, vom nächsten Start an. Welche Sprache die Spracherkennung versteht, ändert das nicht: Das ist eine Frage des Modells.</translation>
    </message>
    <message>
        <source>What turns speech into words and turns. A recording that is running keeps the model that it began with.</source>
        <translation>Was aus Sprache Wörter und Beiträge macht. Eine laufende Aufnahme behält das Modell, mit dem sie begonnen hat.</translation>
    </message>
    <message>
        <source>Keys of commands that are not as they came.</source>
        <translation>Tasten von Befehlen, die nicht mehr so sind, wie sie kamen.</translation>
    </message>
    <message>
        <source>Keep the computer from going to sleep while a meeting is recorded.</source>
        <translation>Den Computer nicht schlafen lassen, während eine Besprechung aufgenommen wird.</translation>
    </message>
    <message>
        <source>After so many minutes in which nobody speaks, ask whether to go on.</source>
        <translation>Nach so vielen Minuten, in denen niemand spricht, fragen, ob es weitergehen soll.</translation>
    </message>
    <message>
        <source>Begin a recording some seconds before Record is pressed. For that the microphone is listened to all the time, and what it hears is forgotten after these seconds.</source>
        <translation>Eine Aufnahme einige Sekunden vor dem Drücken von „Aufnehmen“ beginnen. Dazu wird dem Mikrofon die ganze Zeit zugehört; was es hört, ist nach diesen Sekunden vergessen.</translation>
    </message>
    <message>
        <source>Record what the computer plays too, as a source of its own.</source>
        <translation>Auch aufnehmen, was der Computer abspielt, als eigene Quelle.</translation>
    </message>
    <message>
        <source>Write down the words while recording. Without this they can be written down later.</source>
        <translation>Die Wörter während der Aufnahme aufschreiben. Ohne dies lassen sie sich später aufschreiben.</translation>
    </message>
    <message>
        <source>Name speakers by voices that you have saved. Voices are kept on this computer only.</source>
        <translation>Personen anhand von Stimmen benennen, die Sie gespeichert haben. Stimmen bleiben nur auf diesem Computer.</translation>
    </message>
    <message>
        <source>When you agreed to what recognising voices keeps, and where.</source>
        <translation>Wann Sie dem zugestimmt haben, was das Erkennen von Stimmen aufbewahrt, und wo.</translation>
    </message>
    <message>
        <source>The welcome of the first start was seen.</source>
        <translation>Die Begrüßung beim ersten Start wurde gesehen.</translation>
    </message>
    <message>
        <source>The newer version that was spoken of.</source>
        <translation>Die neuere Version, von der die Rede war.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>{keys} is already used by “{command}”. Choose other keys.</source>
        <translation>{keys} wird schon von „{command}“ benutzt. Wählen Sie andere Tasten.</translation>
    </message>
    <message>
        <source>{keys} alone is needed for typing and moving: add Ctrl or Alt.</source>
        <translation>{keys} allein wird zum Schreiben und Bewegen gebraucht: Nehmen Sie Strg oder Alt dazu.</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>They can be changed in the settings.</source>
        <translation>Sie lassen sich in den Einstellungen ändern.</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Go to a field and press the keys that the command shall have. They hold at once. Backspace leaves the command without keys.</source>
        <translation>Gehen Sie in ein Feld und drücken Sie die Tasten, die der Befehl haben soll. Sie gelten sofort. Die Rücktaste lässt den Befehl ohne Tasten.</translation>
    </message>
    <message>
        <source>Reset &amp;all</source>
        <translation>&amp;Alle zurücksetzen</translation>
    </message>
    <message>
        <source>Keys of {command}</source>
        <translation>Tasten von {command}</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset the keys of {command}</source>
        <translation>Tasten von {command} zurücksetzen</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Timeline of the meeting, in seconds</source>
        <translation>Zeitleiste der Besprechung, in Sekunden</translation>
    </message>
    <message>
        <source>Arrows move by one second, with Shift by ten; plus and minus zoom.</source>
        <translation>Pfeiltasten bewegen um eine Sekunde, mit Umschalt um zehn; Plus und Minus vergrößern und verkleinern.</translation>
    </message>
</context>
<context>
    <name>TimesDialog</name>
    <message>
        <source>Start and end of the turn</source>
        <translation>Beginn und Ende des Beitrags</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Beginn</translation>
    </message>
    <message>
        <source>&amp;End</source>
        <translation>&amp;Ende</translation>
    </message>
    <message>
        <source>Minutes and seconds, for example 1:23.45.</source>
        <translation>Minuten und Sekunden, zum Beispiel 1:23.45.</translation>
    </message>
    <message>
        <source>This is no time: type minutes and seconds, such as 1:23.45.</source>
        <translation>Das ist keine Zeit: Geben Sie Minuten und Sekunden ein, etwa 1:23.45.</translation>
    </message>
    <message>
        <source>A turn cannot end before it begins: choose another time.</source>
        <translation>Ein Beitrag kann nicht enden, bevor er beginnt: Wählen Sie eine andere Zeit.</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Beginnt …</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet …</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Start or stop recording</source>
        <translation>Aufnahme beginnen oder beenden</translation>
    </message>
    <message>
        <source>Record nothing for a while, or go on</source>
        <translation>Eine Weile nichts aufnehmen, oder weitermachen</translation>
    </message>
    <message>
        <source>Record the sound of this computer too</source>
        <translation>Auch den Ton dieses Computers aufnehmen</translation>
    </message>
    <message>
        <source>Record what this computer plays too, for example the others of a call</source>
        <translation>Auch aufnehmen, was dieser Computer abspielt, zum Beispiel die anderen in einem Gespräch</translation>
    </message>
    <message>
        <source>Recorded time</source>
        <translation>Aufgenommene Zeit</translation>
    </message>
    <message>
        <source>State of the speech engine</source>
        <translation>Zustand der Spracherkennung</translation>
    </message>
    <message>
        <source>Opening the microphone…</source>
        <translation>Das Mikrofon wird geöffnet …</translation>
    </message>
    <message>
        <source>Paused. Not recording.</source>
        <translation>Pause. Es wird nicht aufgenommen.</translation>
    </message>
    <message>
        <source>Finishing: the last words are being written…</source>
        <translation>Wird fertiggestellt: Die letzten Wörter werden geschrieben …</translation>
    </message>
    <message>
        <source>Listening: the last {n} s are kept in memory.</source>
        <translation>Es wird zugehört: Die letzten {n} s bleiben im Speicher.</translation>
    </message>
    <message>
        <source>Ready. Everything stays on this computer.</source>
        <translation>Bereit. Alles bleibt auf diesem Computer.</translation>
    </message>
    <message>
        <source>{seconds} s behind</source>
        <translation>{seconds} s zurück</translation>
    </message>
    <message>
        <source>Recording. The speech engine is loading…</source>
        <translation>Aufnahme. Die Spracherkennung lädt …</translation>
    </message>
    <message>
        <source>Recording. The text can be made later.</source>
        <translation>Aufnahme. Der Text kann später gemacht werden.</translation>
    </message>
    <message>
        <source>Recording. The text is catching up, {behind}</source>
        <translation>Aufnahme. Der Text holt auf, {behind}</translation>
    </message>
    <message>
        <source>Recording. The speech engine is starting again…</source>
        <translation>Aufnahme. Die Spracherkennung startet neu …</translation>
    </message>
    <message>
        <source>Recording, without text: the speech engine failed.</source>
        <translation>Aufnahme ohne Text: Die Spracherkennung ist ausgefallen.</translation>
    </message>
    <message>
        <source>Recording. The text is {behind}</source>
        <translation>Aufnahme. Der Text ist {behind}</translation>
    </message>
    <message>
        <source>Recording. Listening with {n} % of the computation…</source>
        <translation>Aufnahme. Hört zu, mit {n} % der Rechenarbeit …</translation>
    </message>
    <message>
        <source>Recording. Listening…</source>
        <translation>Aufnahme. Es wird zugehört …</translation>
    </message>
</context>
<context>
    <name>TurnCommands</name>
    <message>
        <source>Somebody is still speaking this turn.</source>
        <translation>Dieser Beitrag wird noch gesprochen.</translation>
    </message>
    <message>
        <source>&amp;Split before “{word}”</source>
        <translation>Vor „{word}“ &amp;teilen</translation>
    </message>
</context>
<context>
    <name>TurnDelegate</name>
    <message>
        <source>{start} – now</source>
        <translation>{start} – jetzt</translation>
    </message>
    <message>
        <source>Name of the speaker</source>
        <translation>Name der Person</translation>
    </message>
</context>
<context>
    <name>TurnView</name>
    <message>
        <source>Rename speaker…</source>
        <translation>Person umbenennen …</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Turns of the meeting</source>
        <translation>Beiträge der Besprechung</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Bring the meeting back</source>
        <translation>Die Besprechung zurückholen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>“{title}” is in the bin.</source>
        <translation>„{title}“ ist im Papierkorb.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>No microphone was found. Connect one: it will show up by itself.</source>
        <translation>Es wurde kein Mikrofon gefunden. Schließen Sie eines an: Es erscheint von selbst.</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>dem Prozessor</translation>
    </message>
    <message>
        <source>Ready: the model “{model}”, on {device}.</source>
        <translation>Bereit: das Modell „{model}“, auf {device}.</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome to Crosstalk</source>
        <translation>Willkommen bei Crosstalk</translation>
    </message>
    <message>
        <source>It records a meeting and shows who says what while people talk, also when they talk over each other. Afterwards you read, correct, search and export it.</source>
        <translation>Es nimmt eine Besprechung auf und zeigt, wer was sagt, während gesprochen wird, auch wenn alle durcheinanderreden. Danach lesen, berichtigen, durchsuchen und exportieren Sie sie.</translation>
    </message>
    <message>
        <source>Everything stays on this computer: the sound, the words and the voices. Nothing is sent anywhere.</source>
        <translation>Alles bleibt auf diesem Computer: der Ton, die Wörter und die Stimmen. Nichts wird irgendwohin gesendet.</translation>
    </message>
    <message>
        <source>&amp;Try it</source>
        <translation>Aus&amp;probieren</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird nachgesehen …</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Play the sample meeting</source>
        <translation>Beispielbesprechung abspielen</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>Dateien importieren …</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Say something: the bar moves with your voice. Nothing is kept.</source>
        <translation>Sagen Sie etwas: Der Balken folgt Ihrer Stimme. Nichts wird aufbewahrt.</translation>
    </message>
    <message>
        <source>Whether it hears you: press “Try it” and speak.</source>
        <translation>Ob es Sie hört: Drücken Sie „Ausprobieren“ und sprechen Sie.</translation>
    </message>
    <message>
        <source>Try the microphone</source>
        <translation>Das Mikrofon ausprobieren</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Speech engine</source>
        <translation>Spracherkennung</translation>
    </message>
</context>
<context>
    <name>WordEditor</name>
    <message>
        <source>Enter saves  ·  Esc cancels  ·  Ctrl+Enter splits here</source>
        <translation>Eingabe speichert  ·  Esc bricht ab  ·  Strg+Eingabe teilt hier</translation>
    </message>
</context>
<context>
    <name>WordField</name>
    <message>
        <source>Words of the turn</source>
        <translation>Wörter des Beitrags</translation>
    </message>
</context>
<context>
    <name>app</name>
    <message>
        <source>This is no address of a model: it begins with https:// and a name.</source>
        <translation>Das ist keine Adresse eines Modells: Sie beginnt mit https:// und einem Namen.</translation>
    </message>
    <message>
        <source>A SHA-256 checksum has 64 digits and letters a-f.</source>
        <translation>Eine SHA-256-Prüfsumme hat 64 Ziffern und Buchstaben a-f.</translation>
    </message>
    <message>
        <source>The checksum is wrong, so the file was thrown away: it was damaged on the way or is not what you wanted. Expected: {wanted}. Came: {found}.</source>
        <translation>Die Prüfsumme stimmt nicht, deshalb wurde die Datei verworfen: Sie wurde unterwegs beschädigt oder ist nicht die gewünschte. Erwartet: {wanted}. Gekommen: {found}.</translation>
    </message>
    <message>
        <source>the connection ended early</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>Stopped. The next download goes on where this one ended.</source>
        <translation>Angehalten. Das nächste Herunterladen macht dort weiter.</translation>
    </message>
    <message>
        <source>The disk is too full for this model: free {size} MB, then go on.</source>
        <translation>Der Datenträger ist zu voll für dieses Modell: Geben Sie {size} MB frei, dann geht es weiter.</translation>
    </message>
    <message>
        <source>{host} does not hand out this file ({why}): check the address.</source>
        <translation>{host} gibt diese Datei nicht heraus ({why}): Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>The model could not be written ({why}): free or unlock space.</source>
        <translation>Das Modell konnte nicht geschrieben werden ({why}): Geben Sie Platz frei.</translation>
    </message>
    <message>
        <source>The connection to {host} failed ({why}). Check the network and try again: what has come already is kept.</source>
        <translation>Die Verbindung zu {host} ist gescheitert ({why}). Prüfen Sie das Netz und versuchen Sie es noch einmal: Was schon da ist, bleibt.</translation>
    </message>
    <message>
        <source>There is no model file at {path}: choose or install a model.</source>
        <translation>Unter {path} ist keine Modelldatei: Wählen oder installieren Sie ein Modell.</translation>
    </message>
    <message>
        <source>{name} is damaged or not a model file: get it again.</source>
        <translation>{name} ist beschädigt oder keine Modelldatei: Besorgen Sie sie neu.</translation>
    </message>
    <message>
        <source>{name} is not a model file: check the address.</source>
        <translation>{name} ist keine Modelldatei: Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>{name} is not a model made for Crosstalk: choose another file.</source>
        <translation>{name} ist kein Modell für Crosstalk: Wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{name} was made for a newer Crosstalk: update Crosstalk.</source>
        <translation>{name} wurde für ein neueres Crosstalk gemacht: Erneuern Sie Crosstalk.</translation>
    </message>
    <message>
        <source>{name} has no readable card: get it again.</source>
        <translation>{name} hat keine lesbare Karte: Besorgen Sie sie neu.</translation>
    </message>
    <message>
        <source>There is no model called “{name}”.</source>
        <translation>Es gibt kein Modell namens „{name}“.</translation>
    </message>
    <message>
        <source>The model “{name}” came with Crosstalk and cannot be removed.</source>
        <translation>Das Modell „{name}“ kam mit Crosstalk und lässt sich nicht entfernen.</translation>
    </message>
    <message>
        <source>The model {path} cannot be deleted ({why}): close what uses it and try again.</source>
        <translation>Das Modell {path} lässt sich nicht löschen ({why}): Schließen Sie, was es benutzt, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be created ({why}): unlock its place.</source>
        <translation>Der Ordner {folder} lässt sich nicht anlegen ({why}): Geben Sie den Ort frei.</translation>
    </message>
    <message>
        <source>A model cannot be called “{name}”. Give the file another name: up to 80 letters, digits, spaces and - _ + .</source>
        <translation>Ein Modell kann nicht „{name}“ heißen. Geben Sie der Datei einen anderen Namen: bis zu 80 Buchstaben, Ziffern, Leerzeichen und - _ + .</translation>
    </message>
    <message>
        <source>There is a model called “{name}” already. Remove it first, or give the file another name.</source>
        <translation>Es gibt schon ein Modell namens „{name}“. Entfernen Sie es zuerst, oder geben Sie der Datei einen anderen Namen.</translation>
    </message>
    <message>
        <source>There is no model in the folder {folder}: models end in {suffix}.</source>
        <translation>Im Ordner {folder} ist kein Modell: Modelle enden auf {suffix}.</translation>
    </message>
    <message>
        <source>The settings were written by a newer Crosstalk. What this one understands is used, and the rest is kept for the newer one.</source>
        <translation>Die Einstellungen stammen von einem neueren Crosstalk. Was dieses hier versteht, wird benutzt, und der Rest bleibt für das neuere erhalten.</translation>
    </message>
    <message>
        <source>Some settings were not valid, and their defaults are used: {names}. The file as it was is kept as {path}.</source>
        <translation>Einige Einstellungen waren ungültig; für sie gelten die Vorgaben: {names}. Die Datei, wie sie war, bleibt als {path} erhalten.</translation>
    </message>
    <message>
        <source>The settings {path} cannot be read ({why}); defaults are used.</source>
        <translation>Die Einstellungen {path} lassen sich nicht lesen ({why}); es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>The settings {path} are damaged ({why}); defaults are used.</source>
        <translation>Die Einstellungen {path} sind beschädigt ({why}); es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>The settings were damaged and are kept as {path}; defaults are used.</source>
        <translation>Die Einstellungen waren beschädigt und bleiben als {path} erhalten; es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>A meeting is being recorded or transcribed: when that is done, or was stopped, delete the voice.</source>
        <translation>Eine Besprechung wird gerade aufgenommen oder transkribiert: Löschen Sie die Stimme, wenn das fertig oder beendet ist.</translation>
    </message>
    <message>
        <source>The voice is deleted, but traces of it stay in the library&apos;s journal while something else reads the library: close Crosstalk to remove them.</source>
        <translation>Die Stimme ist gelöscht, aber Spuren bleiben im Journal der Bibliothek, solange etwas anderes sie liest: Schließen Sie Crosstalk, um sie zu entfernen.</translation>
    </message>
    <message>
        <source>The voice of this person is not saved any more.</source>
        <translation>Die Stimme dieser Person ist nicht mehr gespeichert.</translation>
    </message>
    <message>
        <source>Give this speaker a name first.</source>
        <translation>Geben Sie dieser Person zuerst einen Namen.</translation>
    </message>
    <message>
        <source>A person needs a name: type one character or more.</source>
        <translation>Eine Person braucht einen Namen: Geben Sie mindestens ein Zeichen ein.</translation>
    </message>
    <message>
        <source>The voices of this meeting were not kept, because voice recognition was off when it was heard. Transcribe the meeting again, or save the voice from a later meeting.</source>
        <translation>Die Stimmen dieser Besprechung wurden nicht aufbewahrt, weil das Erkennen von Stimmen aus war, als sie gehört wurde. Transkribieren Sie die Besprechung erneut, oder speichern Sie die Stimme aus einer späteren.</translation>
    </message>
    <message>
        <source>Only {seconds} s of this voice were heard here, and {least} s are needed. Save it from a meeting in which this person says more.</source>
        <translation>Von dieser Stimme wurden hier nur {seconds} s gehört, nötig sind {least} s. Speichern Sie sie aus einer Besprechung, in der diese Person mehr sagt.</translation>
    </message>
    <message>
        <source>PortAudio is missing, so nothing can be played. Install it (Debian and Ubuntu: sudo apt install libportaudio2) and start again.</source>
        <translation>PortAudio fehlt, deshalb lässt sich nichts abspielen. Installieren Sie es (Debian und Ubuntu: sudo apt install libportaudio2) und starten Sie neu.</translation>
    </message>
    <message>
        <source>Nothing can be played: no loudspeakers or headphones were found, or another program keeps them. Connect some, or choose them in the system&apos;s sound settings, and try again.</source>
        <translation>Es lässt sich nichts abspielen: Es wurden keine Lautsprecher oder Kopfhörer gefunden, oder ein anderes Programm hält sie fest. Schließen Sie welche an, oder wählen Sie sie in den Toneinstellungen des Systems, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Playing stopped: the loudspeakers or headphones are gone. Play again to go on with those that the system chose instead.</source>
        <translation>Das Abspielen wurde beendet: Die Lautsprecher oder Kopfhörer sind weg. Spielen Sie noch einmal ab, um mit denen weiterzumachen, die das System stattdessen gewählt hat.</translation>
    </message>
    <message>
        <source>The meeting cannot be played: the log says what happened.</source>
        <translation>Die Besprechung lässt sich nicht abspielen: Das Protokoll sagt, was geschehen ist.</translation>
    </message>
    <message>
        <source>This note is gone: somebody deleted it in another window.</source>
        <translation>Diese Notiz ist weg: Jemand hat sie in einem anderen Fenster gelöscht.</translation>
    </message>
    <message>
        <source>A note may have {most} characters: this one has {length}.</source>
        <translation>Eine Notiz darf {most} Zeichen haben: Diese hat {length}.</translation>
    </message>
    <message>
        <source>This turn is not there any more: choose another one.</source>
        <translation>Diesen Beitrag gibt es nicht mehr: Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Somebody is still speaking this turn: wait until it has ended.</source>
        <translation>Dieser Beitrag wird noch gesprochen: Warten Sie, bis er zu Ende ist.</translation>
    </message>
    <message>
        <source>That is one person already: choose two that are to be one.</source>
        <translation>Das ist schon eine Person: Wählen Sie zwei, die eine sein sollen.</translation>
    </message>
    <message>
        <source>This person is not in the meeting any more: choose another one.</source>
        <translation>Diese Person ist nicht mehr in der Besprechung: Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>A turn is split before a word that is not its first: choose one.</source>
        <translation>Ein Beitrag wird vor einem Wort geteilt, das nicht sein erstes ist: Wählen Sie eines.</translation>
    </message>
    <message>
        <source>This is the last turn: there is none to join it with.</source>
        <translation>Das ist der letzte Beitrag: Es gibt keinen, mit dem er verbunden werden könnte.</translation>
    </message>
    <message>
        <source>A turn cannot end before it begins: choose another time.</source>
        <translation>Ein Beitrag kann nicht enden, bevor er beginnt: Wählen Sie eine andere Zeit.</translation>
    </message>
    <message>
        <source>A turn needs words: type some, or delete the turn.</source>
        <translation>Ein Beitrag braucht Wörter: Geben Sie welche ein, oder löschen Sie den Beitrag.</translation>
    </message>
    <message>
        <source>The speech engine was started again and is still catching up: try again when the text has come back.</source>
        <translation>Die Spracherkennung wurde neu gestartet und holt noch auf: Versuchen Sie es noch einmal, wenn der Text wieder da ist.</translation>
    </message>
    <message>
        <source>The text was changed elsewhere: open the meeting again.</source>
        <translation>Der Text wurde anderswo geändert: Öffnen Sie die Besprechung erneut.</translation>
    </message>
    <message>
        <source>Taken over from a damaged library</source>
        <translation>Aus einer beschädigten Bibliothek übernommen</translation>
    </message>
    <message>
        <source>The library was damaged and is kept as {kept}. Meetings that could be taken over from it: {saved}. All recordings are still in {folder}: bring in those whose meetings are missing.</source>
        <translation>Die Bibliothek war beschädigt und liegt jetzt als {kept}. Besprechungen, die daraus übernommen werden konnten: {saved}. Alle Aufnahmen sind noch in {folder}: Importieren Sie die, deren Besprechungen fehlen.</translation>
    </message>
    <message>
        <source>There is also an older copy of the library: {copy}.</source>
        <translation>Es gibt auch eine ältere Kopie der Bibliothek: {copy}.</translation>
    </message>
    <message>
        <source>The recording {path} does not exist any more: put it back to where it was. The text can be read, corrected and exported without it.</source>
        <translation>Die Aufnahme {path} gibt es nicht mehr: Legen Sie sie dorthin zurück, wo sie war. Der Text lässt sich auch ohne sie lesen, korrigieren und exportieren.</translation>
    </message>
    <message>
        <source>PortAudio is missing, so no microphone can be used. Install it (Debian and Ubuntu: sudo apt install libportaudio2) and start again; audio files work without it.</source>
        <translation>PortAudio fehlt, deshalb lässt sich kein Mikrofon verwenden. Installieren Sie es (Debian und Ubuntu: sudo apt install libportaudio2) und starten Sie neu; Audiodateien gehen auch ohne.</translation>
    </message>
    <message>
        <source>No microphone was found. Connect one, or allow this program to use it, and try again; audio files can be transcribed all the same.</source>
        <translation>Es wurde kein Mikrofon gefunden. Schließen Sie eines an oder erlauben Sie diesem Programm, es zu verwenden, und versuchen Sie es noch einmal; Audiodateien lassen sich trotzdem transkribieren.</translation>
    </message>
    <message>
        <source>There is no microphone called “{name}”. Connected are: {known}.</source>
        <translation>Es gibt kein Mikrofon namens „{name}“. Angeschlossen sind: {known}.</translation>
    </message>
    <message>
        <source>The microphone “{name}” stopped delivering sound. Everything before is saved. Check that it is connected, then record again.</source>
        <translation>Das Mikrofon „{name}“ liefert keinen Ton mehr. Alles davor ist gespeichert. Prüfen Sie, ob es angeschlossen ist, dann nehmen Sie noch einmal auf.</translation>
    </message>
    <message>
        <source>The microphone “{name}” changed its sampling rate.</source>
        <translation>Das Mikrofon „{name}“ hat seine Abtastrate geändert.</translation>
    </message>
    <message>
        <source>The microphone “{name}” could not be opened ({why}). Close other programs that use it, check that this program may use it, or choose another.</source>
        <translation>Das Mikrofon „{name}“ ließ sich nicht öffnen ({why}). Schließen Sie andere Programme, die es verwenden, prüfen Sie, ob dieses Programm es verwenden darf, oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>Switch on “Stereo Mix” in the sound settings of Windows (recording devices), or record the microphone only.</source>
        <translation>Schalten Sie „Stereomix“ in den Toneinstellungen von Windows ein (Aufnahmegeräte) oder nehmen Sie nur das Mikrofon auf.</translation>
    </message>
    <message>
        <source>macOS gives it to no program by itself: install BlackHole, play the sound through it, or record the microphone only.</source>
        <translation>macOS gibt ihn von sich aus keinem Programm: Installieren Sie BlackHole, spielen Sie den Ton darüber ab, oder nehmen Sie nur das Mikrofon auf.</translation>
    </message>
    <message>
        <source>The sound of this computer cannot be recorded. {advice}</source>
        <translation>Der Ton dieses Computers lässt sich nicht aufnehmen. {advice}</translation>
    </message>
    <message>
        <source>The sound of this computer cannot be recorded ({why}). Record the microphone only, or try again.</source>
        <translation>Der Ton dieses Computers lässt sich nicht aufnehmen ({why}). Nehmen Sie nur das Mikrofon auf oder versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The sound of this computer cannot be heard any more.</source>
        <translation>Der Ton dieses Computers ist nicht mehr zu hören.</translation>
    </message>
    <message>
        <source>The sound of this computer goes another way now.</source>
        <translation>Der Ton dieses Computers geht jetzt einen anderen Weg.</translation>
    </message>
    <message>
        <source>The sound of this computer cannot be recorded: {missing} is missing. Install it (Debian and Ubuntu: sudo apt install pulseaudio-utils), or record the microphone only.</source>
        <translation>Der Ton dieses Computers lässt sich nicht aufnehmen: {missing} fehlt. Installieren Sie es (Debian und Ubuntu: sudo apt install pulseaudio-utils) oder nehmen Sie nur das Mikrofon auf.</translation>
    </message>
    <message>
        <source>The sound of this computer cannot be recorded: there is no PulseAudio or PipeWire with an output. Check the sound settings, or record the microphone only.</source>
        <translation>Der Ton dieses Computers lässt sich nicht aufnehmen: Es gibt kein PulseAudio oder PipeWire mit einem Ausgang. Prüfen Sie die Toneinstellungen oder nehmen Sie nur das Mikrofon auf.</translation>
    </message>
    <message>
        <source>The disk is full: free some space and try again.</source>
        <translation>Der Datenträger ist voll: Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Another program holds it: close that program and try again.</source>
        <translation>Ein anderes Programm hält sie fest: Schließen Sie dieses Programm und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>It cannot be written: check the permissions of the file and its folder.</source>
        <translation>Sie lässt sich nicht schreiben: Prüfen Sie die Rechte der Datei und ihres Ordners.</translation>
    </message>
    <message>
        <source>It cannot be opened: check the permissions of the file and its folder.</source>
        <translation>Sie lässt sich nicht öffnen: Prüfen Sie die Rechte der Datei und ihres Ordners.</translation>
    </message>
    <message>
        <source>It is damaged: move it away and start again; the recordings are untouched.</source>
        <translation>Sie ist beschädigt: Schaffen Sie sie beiseite und starten Sie neu; die Aufnahmen sind unberührt.</translation>
    </message>
    <message>
        <source>It is not a library: move it away and start again.</source>
        <translation>Das ist keine Bibliothek: Schaffen Sie sie beiseite und starten Sie neu.</translation>
    </message>
    <message>
        <source>The disk reports an error: check the disk and its free space.</source>
        <translation>Der Datenträger meldet einen Fehler: Prüfen Sie ihn und seinen freien Platz.</translation>
    </message>
    <message>
        <source>The library {path} cannot be used. {advice}</source>
        <translation>Die Bibliothek {path} lässt sich nicht verwenden. {advice}</translation>
    </message>
    <message>
        <source>The library {path} cannot be used ({why}): check the disk and its permissions.</source>
        <translation>Die Bibliothek {path} lässt sich nicht verwenden ({why}): Prüfen Sie den Datenträger und seine Rechte.</translation>
    </message>
    <message>
        <source>The library {path} was written by a newer Crosstalk: install the newest version.</source>
        <translation>Die Bibliothek {path} wurde von einem neueren Crosstalk geschrieben: Installieren Sie die neueste Fassung.</translation>
    </message>
    <message>
        <source>{path} is no library of Crosstalk: move it away and start again.</source>
        <translation>{path} ist keine Bibliothek von Crosstalk: Schaffen Sie sie beiseite und starten Sie neu.</translation>
    </message>
    <message>
        <source>The library {path} could not be made ready for this Crosstalk ({why}). Nothing in it was changed, and a copy is kept as {backup}. Free some space and try again, or go on with the Crosstalk that you had before.</source>
        <translation>Die Bibliothek {path} ließ sich nicht für dieses Crosstalk herrichten ({why}). Nichts darin wurde verändert, und eine Kopie liegt als {backup} da. Schaffen Sie Platz und versuchen Sie es noch einmal, oder arbeiten Sie mit dem bisherigen Crosstalk weiter.</translation>
    </message>
    <message>
        <source>The disk of {folder} is full. Everything recorded so far is saved in {name}; free some space, then record again.</source>
        <translation>Der Datenträger von {folder} ist voll. Alles bisher Aufgenommene ist in {name} gespeichert; schaffen Sie Platz, dann nehmen Sie noch einmal auf.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written to. Change its permissions, or choose another folder.</source>
        <translation>In den Ordner {folder} kann nicht geschrieben werden. Ändern Sie seine Rechte oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} exists already, and recordings are never overwritten. Choose another name.</source>
        <translation>{path} gibt es schon, und Aufnahmen werden nie überschrieben. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{path} cannot be used ({why}). Check the disk and the folder.</source>
        <translation>{path} lässt sich nicht verwenden ({why}). Prüfen Sie den Datenträger und den Ordner.</translation>
    </message>
    <message>
        <source>The disk of {folder} is almost full ({free} are free): free some space, then record again.</source>
        <translation>Der Datenträger von {folder} ist fast voll ({free} sind frei): Schaffen Sie Platz, dann nehmen Sie noch einmal auf.</translation>
    </message>
    <message>
        <source>The disk of {folder} is almost full, so the recording was stopped. Everything is saved; free some space, then record again.</source>
        <translation>Der Datenträger von {folder} ist fast voll, deshalb wurde die Aufnahme beendet. Alles ist gespeichert; schaffen Sie Platz, dann nehmen Sie noch einmal auf.</translation>
    </message>
    <message>
        <source>There is room for about {minutes} more minutes of recording: free some space on the disk of {folder}.</source>
        <translation>Es ist noch Platz für etwa {minutes} Minuten Aufnahme: Schaffen Sie Platz auf dem Datenträger von {folder}.</translation>
    </message>
    <message>
        <source>The speech engine stopped unexpectedly ({kind}: {why}).</source>
        <translation>Die Spracherkennung ist unerwartet ausgefallen ({kind}: {why}).</translation>
    </message>
    <message>
        <source>{path} lost sound that was in it. Check the disk.</source>
        <translation>{path} hat Ton verloren, der darin war. Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>{path} is the recording itself: choose another output.</source>
        <translation>{path} ist die Aufnahme selbst: Wählen Sie ein anderes Ziel.</translation>
    </message>
    <message>
        <source>Nothing of this has words: choose other turns.</source>
        <translation>Nichts davon hat Worte: Wählen Sie andere Beiträge.</translation>
    </message>
    <message>
        <source>A part begins at 0 or later: give another start.</source>
        <translation>Ein Teil beginnt bei 0 oder später: Geben Sie einen anderen Anfang an.</translation>
    </message>
    <message>
        <source>The part would end at {end} s, before it begins at {start} s: give a later end.</source>
        <translation>Der Teil würde bei {end} s enden, bevor er bei {start} s beginnt: Geben Sie ein späteres Ende an.</translation>
    </message>
    <message>
        <source>Nobody is called {wanted} here. There is: {there}.</source>
        <translation>Hier heißt niemand {wanted}. Es gibt: {there}.</translation>
    </message>
    <message>
        <source>There is no recording of this meeting: choose a format for text.</source>
        <translation>Von dieser Besprechung gibt es keine Aufnahme: Wählen Sie ein Format für Text.</translation>
    </message>
    <message>
        <source>There is no sound in this part of the meeting: choose another one.</source>
        <translation>In diesem Teil der Besprechung ist kein Ton: Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>not everything was written</source>
        <translation>nicht alles wurde geschrieben</translation>
    </message>
    <message>
        <source>The sound was not written as {form} ({reason}): choose another format, for example wav.</source>
        <translation>Der Ton wurde nicht als {form} geschrieben ({reason}): Wählen Sie ein anderes Format, zum Beispiel wav.</translation>
    </message>
    <message>
        <source>{path} is no ordinary file, and this has to go to one: name a file.</source>
        <translation>{path} ist keine gewöhnliche Datei, und dies muss in eine: Nennen Sie eine Datei.</translation>
    </message>
    <message>
        <source>{path} was not written. {advice}</source>
        <translation>{path} wurde nicht geschrieben. {advice}</translation>
    </message>
    <message>
        <source>{path} is a folder: name a file in it.</source>
        <translation>{path} ist ein Ordner: Nennen Sie eine Datei darin.</translation>
    </message>
    <message>
        <source>The disk of {folder} is full: free some space or choose another folder.</source>
        <translation>Der Datenträger von {folder} ist voll: Schaffen Sie Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>There is no folder {folder}: create it or choose another one.</source>
        <translation>Es gibt keinen Ordner {folder}: Legen Sie ihn an oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>The folder {folder} is locked: change its permissions or choose another one.</source>
        <translation>Der Ordner {folder} ist gesperrt: Ändern Sie seine Rechte oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Check the disk and the name ({why}).</source>
        <translation>Prüfen Sie den Datenträger und den Namen ({why}).</translation>
    </message>
    <message>
        <source>{source} holds no sound. Choose another recording.</source>
        <translation>{source} enthält keinen Ton. Wählen Sie eine andere Aufnahme.</translation>
    </message>
    <message>
        <source>The disk of {folder} is full: {name} was not brought in. Free some space and try again.</source>
        <translation>Der Datenträger von {folder} ist voll: {name} wurde nicht importiert. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{name} was not brought in. {why}</source>
        <translation>{name} wurde nicht importiert. {why}</translation>
    </message>
    <message>
        <source>“{title}” is in the bin: take it out, then try again.</source>
        <translation>„{title}“ liegt im Papierkorb: Holen Sie es heraus, dann versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{problem} The text in the library is not complete, the sound is: make the text again with Meeting &gt; Transcribe again… in the window, or with: crosstalk transcribe {recording}</source>
        <translation>{problem} Der Text in der Bibliothek ist nicht vollständig, der Ton ist es: Machen Sie den Text neu mit „Besprechung &gt; Erneut transkribieren …“ im Fenster, oder mit: crosstalk transcribe {recording}</translation>
    </message>
    <message>
        <source>The model that comes with Crosstalk is missing ({folder}): install Crosstalk again, or name another model.</source>
        <translation>Das Modell, das mit Crosstalk kommt, fehlt ({folder}): Installieren Sie Crosstalk neu oder nennen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>{path} is a folder: name the model file in it (*{suffix}).</source>
        <translation>{path} ist ein Ordner: Nennen Sie die Modelldatei darin (*{suffix}).</translation>
    </message>
    <message>
        <source>The model {path} does not exist: check the name and the folder.</source>
        <translation>Das Modell {path} gibt es nicht: Prüfen Sie den Namen und den Ordner.</translation>
    </message>
    <message>
        <source>There is no model called {name} (installed: {names}). Put its file into {folder}, or give its path.</source>
        <translation>Es gibt kein Modell namens {name} (installiert: {names}). Legen Sie seine Datei in {folder} oder geben Sie ihren Pfad an.</translation>
    </message>
    <message>
        <source>The GPU failed ({reason}): the CPU takes over.</source>
        <translation>Die GPU ist ausgefallen ({reason}): Der Prozessor übernimmt.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be created ({why}). Free or unlock that place, or set {variable} to a folder that you can write to.</source>
        <translation>Der Ordner {folder} lässt sich nicht anlegen ({why}). Machen Sie diesen Ort frei oder zugänglich, oder setzen Sie {variable} auf einen Ordner, in den Sie schreiben dürfen.</translation>
    </message>
    <message>
        <source>The microphone delivers nothing but silence. Is it muted? Check its switch and the sound settings of this computer.</source>
        <translation>Das Mikrofon liefert nur Stille. Ist es stummgeschaltet? Prüfen Sie seinen Schalter und die Toneinstellungen dieses Computers.</translation>
    </message>
    <message>
        <source>Nobody has spoken for {minutes} minutes. Still recording? It goes on until you stop.</source>
        <translation>Seit {minutes} Minuten hat niemand gesprochen. Wird noch aufgenommen? Es läuft weiter, bis Sie anhalten.</translation>
    </message>
    <message>
        <source>Meeting {when}</source>
        <translation>Besprechung {when}</translation>
    </message>
    <message>
        <source>A meeting needs a title: type at least one character.</source>
        <translation>Eine Besprechung braucht einen Titel: Geben Sie mindestens ein Zeichen ein.</translation>
    </message>
    <message>
        <source>“{title}” is being transcribed already: cancel that first.</source>
        <translation>„{title}“ wird schon transkribiert: Brechen Sie das zuerst ab.</translation>
    </message>
    <message>
        <source>“{title}” is still being recorded: stop it first.</source>
        <translation>„{title}“ wird noch aufgenommen: Beenden Sie zuerst die Aufnahme.</translation>
    </message>
    <message>
        <source>The recording {path} cannot be moved ({why}): close the program that uses it, or check the permissions of its folder, and try again.</source>
        <translation>Die Aufnahme {path} lässt sich nicht verschieben ({why}): Schließen Sie das Programm, das sie verwendet, oder prüfen Sie die Rechte ihres Ordners, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>There is no meeting {meeting_id}: `crosstalk meetings` lists those there are.</source>
        <translation>Es gibt keine Besprechung {meeting_id}: `crosstalk meetings` zählt die vorhandenen auf.</translation>
    </message>
    <message>
        <source>The speech engine stopped answering.</source>
        <translation>Die Spracherkennung antwortet nicht mehr.</translation>
    </message>
    <message>
        <source>{reason} Nothing is lost: the text is written again from the recording.</source>
        <translation>{reason} Nichts ist verloren: Der Text wird aus der Aufnahme noch einmal geschrieben.</translation>
    </message>
    <message>
        <source>{reason} The sound is recorded, the text is not complete. Later, make it with Meeting &gt; Transcribe again… in the window, or with: crosstalk transcribe {recording}</source>
        <translation>{reason} Der Ton ist aufgenommen, der Text ist nicht vollständig. Machen Sie ihn später mit „Besprechung &gt; Erneut transkribieren …“ im Fenster, oder mit: crosstalk transcribe {recording}</translation>
    </message>
    <message>
        <source>“{name}” delivers no sound. Check that it is connected and that this program may use the microphone, or choose another.</source>
        <translation>„{name}“ liefert keinen Ton. Prüfen Sie, ob es angeschlossen ist und ob dieses Programm das Mikrofon verwenden darf, oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>It is tried again every few seconds, and the recording goes on.</source>
        <translation>Es wird alle paar Sekunden noch einmal versucht, und die Aufnahme läuft weiter.</translation>
    </message>
    <message>
        <source>{path} is not a recording that this program made; nothing was changed. Transcribe it as an audio file instead.</source>
        <translation>{path} ist keine Aufnahme dieses Programms; nichts wurde verändert. Transkribieren Sie sie stattdessen als Audiodatei.</translation>
    </message>
    <message>
        <source>The configuration of the sound system ALSA is missing, so no microphone can be used. Install it (Debian and Ubuntu: sudo apt install libasound2-data) and start again; audio files work without it.</source>
        <translation>Die Konfiguration des Tonsystems ALSA fehlt, deshalb kann kein Mikrofon verwendet werden. Installieren Sie sie (Debian und Ubuntu: sudo apt install libasound2-data) und starten Sie neu; Audiodateien gehen auch ohne.</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>The meeting is finished: start a new session.</source>
        <translation>Die Besprechung ist zu Ende: Beginnen Sie eine neue Sitzung.</translation>
    </message>
    <message>
        <source>The model was made by another version: install one for this version.</source>
        <translation>Das Modell stammt von einer anderen Fassung: Installieren Sie eines für diese.</translation>
    </message>
    <message>
        <source>The model {path} does not fit this version of Crosstalk ({why}): install the model again, or a newer Crosstalk.</source>
        <translation>Das Modell {path} passt nicht zu diesem Crosstalk ({why}): Installieren Sie das Modell neu oder ein neueres Crosstalk.</translation>
    </message>
    <message>
        <source>The model {path} has no readable card: install it again.</source>
        <translation>Das Modell {path} hat keine lesbare Karte: Installieren Sie es neu.</translation>
    </message>
    <message>
        <source>The model&apos;s lexicon is damaged: install the model again.</source>
        <translation>Das Wörterbuch des Modells ist beschädigt: Installieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>The model&apos;s word pieces are damaged: install the model again.</source>
        <translation>Die Wortteile des Modells sind beschädigt: Installieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>The model&apos;s words do not fit it: install the model again.</source>
        <translation>Die Wörter des Modells passen nicht zu ihm: Installieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>The word pieces of {path} are damaged: install it again.</source>
        <translation>Die Wortteile von {path} sind beschädigt: Installieren Sie es neu.</translation>
    </message>
    <message>
        <source>The {title} cannot be written to {path} ({why}): choose another folder or make room.</source>
        <translation>Schreiben nach {path} ist nicht möglich ({title}, {why}): Wählen Sie einen anderen Ordner oder schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The {title} {path} was made for a newer Crosstalk (format {version}): update Crosstalk.</source>
        <translation>{path} ({title}) ist für ein neueres Crosstalk (Format {version}): Aktualisieren Sie Crosstalk.</translation>
    </message>
    <message>
        <source>There is no {name} device on this computer: choose auto or cpu.</source>
        <translation>Auf diesem Computer gibt es kein Gerät {name}: Wählen Sie auto oder cpu.</translation>
    </message>
    <message>
        <source>There is no {title} at {path}: {absent}.</source>
        <translation>Unter {path} liegt nichts ({title}): {absent}.</translation>
    </message>
    <message>
        <source>This model has an Emformer, which needs the package torchaudio: install it with pip install torchaudio==2.11.*, or choose another model.</source>
        <translation>Dieses Modell hat einen Emformer, der das Paket torchaudio braucht: Installieren Sie es mit pip install torchaudio==2.11.* oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>choose or install a model</source>
        <translation>Wählen oder installieren Sie ein Modell</translation>
    </message>
    <message>
        <source>file for readable text</source>
        <translation>Datei für lesbaren Text</translation>
    </message>
    <message>
        <source>install Crosstalk again</source>
        <translation>Installieren Sie Crosstalk neu</translation>
    </message>
    <message>
        <source>install the model again</source>
        <translation>Installieren Sie das Modell neu</translation>
    </message>
    <message>
        <source>model file</source>
        <translation>Modelldatei</translation>
    </message>
    <message>
        <source>{path} cannot be opened ({why}). Check its permissions.</source>
        <translation>{path} lässt sich nicht öffnen ({why}). Prüfen Sie die Rechte.</translation>
    </message>
    <message>
        <source>{path} does not exist. Check the name and the folder.</source>
        <translation>{path} gibt es nicht. Prüfen Sie den Namen und den Ordner.</translation>
    </message>
    <message>
        <source>{path} does not fit this version of Crosstalk ({why}): install Crosstalk again.</source>
        <translation>{path} passt nicht zu diesem Crosstalk ({why}): Installieren Sie Crosstalk neu.</translation>
    </message>
    <message>
        <source>{path} holds no sound that can be read. Choose another recording.</source>
        <translation>{path} enthält keinen lesbaren Ton. Wählen Sie eine andere Aufnahme.</translation>
    </message>
    <message>
        <source>{path} holds no sound, only a header. Choose another recording.</source>
        <translation>{path} enthält keinen Ton, nur einen Dateikopf. Wählen Sie eine andere Aufnahme.</translation>
    </message>
    <message>
        <source>{path} is a folder. Name the audio file inside it.</source>
        <translation>{path} ist ein Ordner. Nennen Sie die Audiodatei darin.</translation>
    </message>
    <message>
        <source>{path} is a video without sound: it has no audio track. Choose another one.</source>
        <translation>{path} ist ein Video ohne Ton: Es hat keine Tonspur. Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>{path} is cut short or damaged: {seconds} s could be read. Everything before that was used; copy the file again from where it came from.</source>
        <translation>{path} ist abgeschnitten oder beschädigt: {seconds} s ließen sich lesen. Alles davor wurde verwendet; kopieren Sie die Datei noch einmal von dort, wo sie herkam.</translation>
    </message>
    <message>
        <source>{path} is cut short or damaged: {seconds} s of {all} s could be read. Everything before that was used; copy the file again from where it came from.</source>
        <translation>{path} ist abgeschnitten oder beschädigt: {seconds} s von {all} s ließen sich lesen. Alles davor wurde verwendet; kopieren Sie die Datei noch einmal von dort, wo sie herkam.</translation>
    </message>
    <message>
        <source>{path} is cut short: the index at its end is missing, and without it nothing can be read. Copy the file again from where it came from.</source>
        <translation>{path} ist abgeschnitten: Das Verzeichnis an ihrem Ende fehlt, und ohne es lässt sich nichts lesen. Kopieren Sie die Datei noch einmal von dort, wo sie herkam.</translation>
    </message>
    <message>
        <source>{path} is damaged (no numbers in {name}): {remedy}.</source>
        <translation>{path} ist beschädigt (keine Zahlen in {name}): {remedy}.</translation>
    </message>
    <message>
        <source>{path} is damaged or not a {title} ({why}): {remedy}.</source>
        <translation>{path} ist beschädigt oder etwas anderes als erwartet ({title}; {why}): {remedy}.</translation>
    </message>
    <message>
        <source>{path} is damaged: in one place its sound could not be read, and there is silence instead. Everything else was used; copy the file again from where it came from.</source>
        <translation>{path} ist beschädigt: An einer Stelle ließ sich der Ton nicht lesen, dort ist Stille. Alles andere wurde verwendet; kopieren Sie die Datei noch einmal von dort, wo sie herkam.</translation>
    </message>
    <message>
        <source>{path} is damaged: in {count} places its sound could not be read, and there is silence instead. Everything else was used; copy the file again from where it came from.</source>
        <translation>{path} ist beschädigt: An {count} Stellen ließ sich der Ton nicht lesen, dort ist Stille. Alles andere wurde verwendet; kopieren Sie die Datei noch einmal von dort, wo sie herkam.</translation>
    </message>
    <message>
        <source>{path} is empty (0 bytes). Choose another recording.</source>
        <translation>{path} ist leer (0 Byte). Wählen Sie eine andere Aufnahme.</translation>
    </message>
    <message>
        <source>{path} is not a {title} made for Crosstalk: {absent}.</source>
        <translation>{path} ist nicht für Crosstalk gemacht ({title}): {absent}.</translation>
    </message>
    <message>
        <source>{path} is not audio or video that can be read. Convert it to WAV or FLAC, for example with: ffmpeg -i INPUT OUTPUT.wav</source>
        <translation>{path} ist kein Ton oder Video, das sich lesen lässt. Wandeln Sie es in WAV oder FLAC um, zum Beispiel mit: ffmpeg -i EINGABE AUSGABE.wav</translation>
    </message>
    <message>
        <source>{path} is raw samples without a header, so its rate is unknown. Convert it to WAV.</source>
        <translation>{path} sind rohe Abtastwerte ohne Dateikopf, deshalb ist ihre Rate unbekannt. Wandeln Sie sie in WAV um.</translation>
    </message>
</context>
<context>
    <name>measures</name>
    <message>
        <source>Wrong words, everybody, %</source>
        <translation>Falsche Wörter, alle zusammen, %</translation>
    </message>
    <message>
        <source>Wrong words, the voices understood worst, %</source>
        <translation>Falsche Wörter, am schlechtesten verstandene Stimmen, %</translation>
    </message>
    <message>
        <source>their share of the speakers, %</source>
        <translation>ihr Anteil an allen, die sprechen, %</translation>
    </message>
    <message>
        <source>wrong words more than all other voices have, %</source>
        <translation>falsche Wörter mehr als bei allen anderen Stimmen, %</translation>
    </message>
    <message>
        <source>Wrong words, the region understood worst, %</source>
        <translation>Falsche Wörter, am schlechtesten verstandene Region, %</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>Speaker {number}</source>
        <translation>Person {number}</translation>
    </message>
    <message>
        <source>overlaps another turn</source>
        <translation>überlappt einen anderen Beitrag</translation>
    </message>
    <message>
        <source>overlaps {who}</source>
        <translation>überlappt {who}</translation>
    </message>
    <message>
        <source>paused here</source>
        <translation>hier war Pause</translation>
    </message>
    <message>
        <source>{length} s missing: the microphone was away</source>
        <translation>{length} s fehlen: Das Mikrofon war weg</translation>
    </message>
    <message>
        <source>{length} s missing: the sound system dropped audio</source>
        <translation>{length} s fehlen: Das Tonsystem hat Ton verloren</translation>
    </message>
    <message>
        <source>{length} s of sound are missing at {start}; silence stands in the recording. If this happens again, close other programs or check the microphone.</source>
        <translation>Bei {start} fehlen {length} s Ton; in der Aufnahme steht Stille. Wenn das wieder geschieht, schließen Sie andere Programme oder prüfen Sie das Mikrofon.</translation>
    </message>
    <message>
        <source>corrected</source>
        <translation>korrigiert</translation>
    </message>
    <message>
        <source>{name}, recognised by voice</source>
        <translation>{name}, an der Stimme erkannt</translation>
    </message>
    <message>
        <source>perhaps {name}, recognised by voice but not surely</source>
        <translation>vielleicht {name}, an der Stimme erkannt, aber nicht sicher</translation>
    </message>
    <message>
        <source>Recognised by the saved voice of {name}. If this is somebody else, say so in the menu of the turn.</source>
        <translation>An der gespeicherten Stimme von {name} erkannt. Ist es jemand anderes, sagen Sie es im Menü des Beitrags.</translation>
    </message>
    <message>
        <source>Perhaps {name}: the voice is similar. Say yes or no in the menu of the turn.</source>
        <translation>Vielleicht {name}: Die Stimme ist ähnlich. Sagen Sie Ja oder Nein im Menü des Beitrags.</translation>
    </message>
    <message>
        <source>Corrected by a person: the speech engine changes nothing of that any more.</source>
        <translation>Von einem Menschen korrigiert: Die Spracherkennung ändert daran nichts mehr.</translation>
    </message>
    <message>
        <source>from {start}, speaking now</source>
        <translation>ab {start}, spricht gerade</translation>
    </message>
    <message>
        <source>from {start} to {end}</source>
        <translation>von {start} bis {end}</translation>
    </message>
</context>
</TS>
