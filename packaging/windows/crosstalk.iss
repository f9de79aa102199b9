; The installer for Windows, compiled by packaging/build_windows.py with Inno Setup 6.
; Not run by us yet: it is written for GitHub's runners.

[Setup]
AppId={{5F5A1C0E-6B0B-4D57-9E7B-2B9F0C3D4E11}
AppName=Crosstalk
AppVersion={#Version}
AppPublisher=The Crosstalk developers
DefaultDirName={autopf}\Crosstalk
DefaultGroupName=Crosstalk
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
OutputDir={#Output}
OutputBaseFilename={#Installer}
Compression=lzma2/max
SolidCompression=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
CloseApplications=yes
UninstallDisplayIcon={app}\crosstalk.exe
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Program}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[InstallDelete]
; What a former version brought: its libraries must not mix with the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Crosstalk"; Filename: "{app}\crosstalk.exe"
Name: "{autodesktop}\Crosstalk"; Filename: "{app}\crosstalk.exe"; Tasks: desktopicon

[Registry]
#include Associations

[Run]
Filename: "{app}\crosstalk.exe"; Description: "{cm:LaunchProgram,Crosstalk}"; Flags: nowait postinstall skipifsilent

; Recordings, library and settings lie in the user's own folder. Nothing here removes them.
