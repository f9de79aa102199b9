<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%Ln speakers</source>
        <translation>
            <numerusform>%Ln speaker</numerusform>
            <numerusform>%Ln speakers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Another person for %Ln turns</source>
        <translation>
            <numerusform>Another person for %Ln turn</numerusform>
            <numerusform>Another person for %Ln turns</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Turns deleted: %Ln. Undo brings them back</source>
        <translation>
            <numerusform>%Ln turn deleted. Undo brings it back</numerusform>
            <numerusform>%Ln turns deleted. Undo brings them back</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BinDialog</name>
    <message numerus="yes">
        <source>Meetings stay here for %Ln days, then they are destroyed.</source>
        <translation>
            <numerusform>Meetings stay here for %Ln day, then they are destroyed.</numerusform>
            <numerusform>Meetings stay here for %Ln days, then they are destroyed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>The %Ln &amp;selected turns</source>
        <translation>
            <numerusform>The %Ln &amp;selected turn</numerusform>
            <numerusform>The %Ln &amp;selected turns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LibraryPanel</name>
    <message numerus="yes">
        <source>The first {count} of %Ln places. More words find fewer.</source>
        <translation>
            <numerusform>The first {count} of %Ln place. More words find fewer.</numerusform>
            <numerusform>The first {count} of %Ln places. More words find fewer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecordingPage</name>
    <message numerus="yes">
        <source>After %Ln minutes</source>
        <translation>
            <numerusform>After %Ln minute</numerusform>
            <numerusform>After %Ln minutes</numerusform>
        </translation>
    </message>
</context>
</TS>
