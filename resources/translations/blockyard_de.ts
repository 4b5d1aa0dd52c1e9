<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ComparedRun</name>
    <message>
        <source>run %1 is not there any more: its folder has been removed</source>
        <translation>Lauf %1 ist nicht mehr da: sein Ordner wurde entfernt</translation>
    </message>
    <message>
        <source>run %1 has no trained pipeline that could be asked</source>
        <translation>Lauf %1 hat keine trainierte Pipeline, die man fragen könnte</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source> (may stay unwired)</source>
        <translation> (darf unverbunden bleiben)</translation>
    </message>
    <message>
        <source> (takes several wires)</source>
        <translation> (nimmt mehrere Verbindungen)</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Anschluss</translation>
    </message>
    <message>
        <source>Carries</source>
        <translation>Trägt</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>see below</source>
        <translation>siehe unten</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>The code a new block begins with:</source>
        <translation>Der Code, mit dem ein neuer Block beginnt:</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Standardwert</translation>
    </message>
    <message>
        <source>It learns from the training rows before it works.</source>
        <translation>Er lernt aus den Trainingszeilen, bevor er arbeitet.</translation>
    </message>
    <message>
        <source>It works while training only; later it passes its input on.</source>
        <translation>Er arbeitet nur während des Trainings; später gibt er seinen Eingang weiter.</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Eingänge</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Ausgänge</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>Keine.</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Training settings</source>
        <translation>Trainingseinstellungen</translation>
    </message>
    <message>
        <source>The canvas</source>
        <translation>Die Arbeitsfläche</translation>
    </message>
    <message>
        <source>Select a block to read about it here. All shortcuts are in the menu Help, Shortcuts, and can be changed there.</source>
        <translation>Wähle einen Block aus, um hier über ihn zu lesen. Alle Tastenkürzel stehen im Menü Hilfe unter Tastenkürzel und lassen sich dort ändern.</translation>
    </message>
    <message>
        <source>By mouse</source>
        <translation>Mit der Maus</translation>
    </message>
    <message>
        <source>Drag from the list of blocks</source>
        <translation>Aus der Liste der Blöcke ziehen</translation>
    </message>
    <message>
        <source>adds a block; dropped on a wire, it is put into it</source>
        <translation>fügt einen Block hinzu; auf einer Verbindung abgelegt, wird er in sie eingesetzt</translation>
    </message>
    <message>
        <source>Drag from port to port</source>
        <translation>Von Anschluss zu Anschluss ziehen</translation>
    </message>
    <message>
        <source>draws a wire; on the empty canvas, offers what fits</source>
        <translation>zieht eine Verbindung; auf der leeren Fläche wird angeboten, was passt</translation>
    </message>
    <message>
        <source>Click on a wire or port</source>
        <translation>Klick auf Verbindung oder Anschluss</translation>
    </message>
    <message>
        <source>shows what flows there</source>
        <translation>zeigt, was dort fließt</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>finds a block to add; opens a composite</source>
        <translation>sucht einen Block zum Hinzufügen; öffnet einen Verbund</translation>
    </message>
    <message>
        <source>Wheel, middle button</source>
        <translation>Rad, mittlere Taste</translation>
    </message>
    <message>
        <source>zooms, moves the canvas</source>
        <translation>vergrößert, verschiebt die Fläche</translation>
    </message>
    <message>
        <source>By keyboard</source>
        <translation>Mit der Tastatur</translation>
    </message>
    <message>
        <source>Tab or /</source>
        <translation>Tab oder /</translation>
    </message>
    <message>
        <source>finds a block to add behind the selected one</source>
        <translation>sucht einen Block, der hinter den ausgewählten kommt</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>Pfeiltasten</translation>
    </message>
    <message>
        <source>select the first block, then move what is selected</source>
        <translation>wählen den ersten Block aus und verschieben dann, was ausgewählt ist</translation>
    </message>
    <message>
        <source>Alt and arrow keys</source>
        <translation>Alt und Pfeiltasten</translation>
    </message>
    <message>
        <source>go from block to block</source>
        <translation>gehen von Block zu Block</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Strg+K</translation>
    </message>
    <message>
        <source>draws a wire from the selected block: Up and Down choose where it leads, Left and Right where it starts, Enter draws it, Escape does not</source>
        <translation>zieht eine Verbindung vom ausgewählten Block: Auf und Ab wählen, wohin sie führt, Links und Rechts, wo sie beginnt; Eingabe zieht sie, Esc nicht</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>goes to the settings of the block, or opens the composite</source>
        <translation>geht zu den Einstellungen des Blocks oder öffnet den Verbund</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>edits the title</source>
        <translation>ändert den Titel</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>selects nothing; from a panel, goes back to the canvas</source>
        <translation>hebt die Auswahl auf; führt aus einem Bereich zurück zur Arbeitsfläche</translation>
    </message>
    <message>
        <source>Ctrl+F6</source>
        <translation>Strg+F6</translation>
    </message>
    <message>
        <source>goes to the next panel, with Shift to the one before</source>
        <translation>geht zum nächsten Bereich, mit Umschalt zum vorigen</translation>
    </message>
    <message>
        <source>F5</source>
        <translation>F5</translation>
    </message>
    <message>
        <source>trains</source>
        <translation>trainiert</translation>
    </message>
</context>
<context>
    <name>Kind</name>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Preprocessor</source>
        <translation>Vorverarbeitung</translation>
    </message>
    <message>
        <source>Feature extractor</source>
        <translation>Merkmalsextraktor</translation>
    </message>
    <message>
        <source>Classifier</source>
        <translation>Klassifikator</translation>
    </message>
    <message>
        <source>Regressor</source>
        <translation>Regressor</translation>
    </message>
    <message>
        <source>Generator</source>
        <translation>Generator</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Postprocessor</source>
        <translation>Nachverarbeitung</translation>
    </message>
</context>
<context>
    <name>LanguageMenu</name>
    <message>
        <source>The language changes when Blockyard starts next.</source>
        <translation>Die Sprache wechselt beim nächsten Start von Blockyard.</translation>
    </message>
    <message>
        <source>Language of the desktop</source>
        <translation>Sprache des Desktops</translation>
    </message>
</context>
<context>
    <name>LineChart</name>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
</context>
<context>
    <name>LocateFile</name>
    <message>
        <source>Where is %1 now?</source>
        <translation>Wo liegt %1 jetzt?</translation>
    </message>
    <message>
        <source>Locate the file</source>
        <translation>Datei suchen</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 d %2 h</translation>
    </message>
</context>
<context>
    <name>Param</name>
    <message>
        <source>one of %1</source>
        <translation>eines von %1</translation>
    </message>
    <message>
        <source>from %1 to %2</source>
        <translation>von %1 bis %2</translation>
    </message>
    <message>
        <source>at least %1</source>
        <translation>mindestens %1</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>höchstens %1</translation>
    </message>
    <message>
        <source>code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>column</source>
        <translation>Spalte</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>choice</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Standardwert</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>Erlaubt</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
</context>
<context>
    <name>RunActs</name>
    <message>
        <source>Run %1 was archived</source>
        <translation>Lauf %1 wurde archiviert</translation>
    </message>
    <message>
        <source>Run %1 was taken out of the archive</source>
        <translation>Lauf %1 wurde aus dem Archiv geholt</translation>
    </message>
    <message>
        <source>%1 runs were archived</source>
        <translation>%1 Läufe wurden archiviert</translation>
    </message>
    <message>
        <source>%1 runs were taken out of the archive</source>
        <translation>%1 Läufe wurden aus dem Archiv geholt</translation>
    </message>
    <message>
        <source>Run %1 was moved to the trash</source>
        <translation>Lauf %1 wurde in den Papierkorb gelegt</translation>
    </message>
    <message>
        <source>%1 runs were moved to the trash</source>
        <translation>%1 Läufe wurden in den Papierkorb gelegt</translation>
    </message>
    <message>
        <source>, where it stays for %1 days</source>
        <translation>, wo er %1 Tage bleibt</translation>
    </message>
    <message>
        <source>. %1 runs deleted more than %2 days ago are gone for good</source>
        <translation>. %1 Läufe, die vor mehr als %2 Tagen gelöscht wurden, sind endgültig fort</translation>
    </message>
    <message>
        <source>Run %1 is back</source>
        <translation>Lauf %1 ist wieder da</translation>
    </message>
    <message>
        <source>%1 runs are back</source>
        <translation>%1 Läufe sind wieder da</translation>
    </message>
    <message>
        <source>%1 runs were deleted for good</source>
        <translation>%1 Läufe wurden endgültig gelöscht</translation>
    </message>
    <message>
        <source>No run is pinned any more</source>
        <translation>Kein Lauf ist mehr angeheftet</translation>
    </message>
    <message>
        <source>Run %1 is the baseline now</source>
        <translation>Lauf %1 ist jetzt die Baseline</translation>
    </message>
    <message>
        <source>The report of run %1 is in %2</source>
        <translation>Der Bericht über Lauf %1 liegt in %2</translation>
    </message>
    <message>
        <source>. Some of it could not be read; its last section says what</source>
        <translation>. Manches ließ sich nicht lesen; der letzte Abschnitt sagt, was</translation>
    </message>
</context>
<context>
    <name>WireItem</name>
    <message>
        <source>Click to see what flows here</source>
        <translation>Ein Klick zeigt, was hier fließt</translation>
    </message>
</context>
<context>
    <name>blockyard::AboutDialog</name>
    <message>
        <source>built in</source>
        <translation>enthalten</translation>
    </message>
    <message>
        <source>none in this build</source>
        <translation>keine in diesem Bau</translation>
    </message>
    <message>
        <source>CUDA plug-in</source>
        <translation>CUDA-Erweiterung</translation>
    </message>
    <message>
        <source>Compiler</source>
        <translation>Compiler</translation>
    </message>
    <message>
        <source>About Blockyard</source>
        <translation>Über Blockyard</translation>
    </message>
    <message>
        <source>A workbench for machine-learning pipelines. Free software: GPL-3.0-or-later; the engine alone Apache-2.0. It comes without any warranty.</source>
        <translation>Eine Werkbank für Pipelines des maschinellen Lernens. Freie Software: GPL-3.0-or-later, die Engine allein Apache-2.0. Ohne jede Gewähr.</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Where it comes from</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>Licences of the libraries</source>
        <translation>Lizenzen der Bibliotheken</translation>
    </message>
    <message>
        <source>&amp;Versions</source>
        <translation>&amp;Versionen</translation>
    </message>
    <message>
        <source>&amp;Libraries</source>
        <translation>&amp;Bibliotheken</translation>
    </message>
    <message>
        <source>Text of the licence of Blockyard</source>
        <translation>Text der Lizenz von Blockyard</translation>
    </message>
    <message>
        <source>Li&amp;cence (GPL)</source>
        <translation>&amp;Lizenz (GPL)</translation>
    </message>
    <message>
        <source>Text of the licence of the engine</source>
        <translation>Text der Lizenz der Engine</translation>
    </message>
    <message>
        <source>Licence of the &amp;engine</source>
        <translation>Lizenz der &amp;Engine</translation>
    </message>
    <message>
        <source>C&amp;opy the versions</source>
        <translation>Versionen &amp;kopieren</translation>
    </message>
</context>
<context>
    <name>blockyard::AnswerBars</name>
    <message>
        <source>Probabilities</source>
        <translation>Wahrscheinlichkeiten</translation>
    </message>
    <message numerus="yes">
        <source>%n more classes: %1</source>
        <translation>
            <numerusform>%n weitere Klasse: %1</numerusform>
            <numerusform>%n weitere Klassen: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::AnswerView</name>
    <message>
        <source>The picture that was asked about</source>
        <translation>Das Bild, nach dem gefragt wurde</translation>
    </message>
</context>
<context>
    <name>blockyard::AnswersModel</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>What was asked</source>
        <translation>Was gefragt wurde</translation>
    </message>
</context>
<context>
    <name>blockyard::AnswersPanel</name>
    <message>
        <source>Rows with the largest &amp;errors</source>
        <translation>Zeilen mit den größten &amp;Fehlern</translation>
    </message>
    <message>
        <source>The scores of run %1 cannot be read: %2</source>
        <translation>Die Ergebnisse von Lauf %1 lassen sich nicht lesen: %2</translation>
    </message>
</context>
<context>
    <name>blockyard::BlockHeader</name>
    <message>
        <source>Help on this block</source>
        <translation>Hilfe zu diesem Block</translation>
    </message>
    <message>
        <source>This version does not know this block; it is kept as it is.</source>
        <translation>Diese Version kennt diesen Block nicht; er bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>What stands on the block instead of its usual title</source>
        <translation>Was statt des üblichen Titels auf dem Block steht</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>How settings and messages call this block: NAME.parameter</source>
        <translation>So heißt der Block in Einstellungen und Meldungen: NAME.parameter</translation>
    </message>
    <message>
        <source>Anything worth remembering</source>
        <translation>Was man sich merken will</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Your own words about this block</source>
        <translation>Eigene Worte zu diesem Block</translation>
    </message>
    <message>
        <source>Pass the input on unchanged</source>
        <translation>Eingang unverändert weitergeben</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>Umgehen</translation>
    </message>
    <message>
        <source>The block stays where it is but does nothing</source>
        <translation>Der Block bleibt an seinem Platz, tut aber nichts</translation>
    </message>
    <message>
        <source>Title of %1</source>
        <translation>Titel von %1</translation>
    </message>
    <message>
        <source>Note of %1</source>
        <translation>Notiz zu %1</translation>
    </message>
    <message>
        <source>Bypass %1</source>
        <translation>%1 umgehen</translation>
    </message>
    <message>
        <source>Use %1 again</source>
        <translation>%1 wieder benutzen</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Not taken: %1. It stays %2.</source>
        <translation>Nicht übernommen: %1. Es bleibt bei %2.</translation>
    </message>
</context>
<context>
    <name>blockyard::BlockItem</name>
    <message>
        <source>%1 % of the time of a step</source>
        <translation>%1 % der Zeit eines Schritts</translation>
    </message>
</context>
<context>
    <name>blockyard::BlockSearch</name>
    <message>
        <source>Find a block</source>
        <translation>Block suchen</translation>
    </message>
    <message>
        <source>Blocks found</source>
        <translation>Gefundene Blöcke</translation>
    </message>
</context>
<context>
    <name>blockyard::Breadcrumb</name>
    <message>
        <source>Way to the composite on show</source>
        <translation>Weg zum gezeigten Verbund</translation>
    </message>
    <message>
        <source>Back to %1</source>
        <translation>Zurück zu %1</translation>
    </message>
</context>
<context>
    <name>blockyard::CanvasScene</name>
    <message>
        <source>Connect %1</source>
        <translation>%1 verbinden</translation>
    </message>
    <message>
        <source>Disconnect %1</source>
        <translation>%1 trennen</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>%1 parameters</source>
        <translation>
            <numerusform>%1 Parameter</numerusform>
            <numerusform>%1 Parameter</numerusform>
        </translation>
    </message>
    <message>
        <source>fitted</source>
        <translation>angepasst</translation>
    </message>
    <message numerus="yes">
        <source>%1 rows</source>
        <translation>
            <numerusform>%1 Zeile</numerusform>
            <numerusform>%1 Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 to %2: Enter draws the wire, Up and Down choose where it leads, Left and Right where it starts</source>
        <translation>%1 nach %2: Eingabe zieht die Verbindung, Auf und Ab wählen, wohin sie führt, Links und Rechts, wo sie beginnt</translation>
    </message>
    <message>
        <source>Nothing here takes a wire from %1: Enter offers blocks that do, Left and Right choose another port</source>
        <translation>Nichts hier nimmt eine Verbindung von %1: Eingabe bietet passende Blöcke an, Links und Rechts wählen einen anderen Anschluss</translation>
    </message>
    <message>
        <source>not wired</source>
        <translation>nicht verbunden</translation>
    </message>
    <message>
        <source>wired to %1</source>
        <translation>verbunden mit %1</translation>
    </message>
</context>
<context>
    <name>blockyard::CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>Arbeitsfläche</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 hinzufügen</translation>
    </message>
    <message>
        <source>There is no text in the clipboard to paste.</source>
        <translation>In der Zwischenablage ist kein Text zum Einfügen.</translation>
    </message>
    <message>
        <source>The text in the clipboard is too large to be blocks.</source>
        <translation>Der Text in der Zwischenablage ist zu groß, um Blöcke zu sein.</translation>
    </message>
    <message>
        <source>The text in the clipboard holds no blocks.</source>
        <translation>Der Text in der Zwischenablage enthält keine Blöcke.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>The clipboard cannot be pasted: %1</source>
        <translation>Die Zwischenablage lässt sich nicht einfügen: %1</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Verdoppeln</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>Umgehen</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Tidy up</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>Ausrichten</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Write here</source>
        <translation>Hier schreiben</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>composite</source>
        <translation>Verbund</translation>
    </message>
    <message>
        <source>Fold into a composite</source>
        <translation>Zu einem Verbund falten</translation>
    </message>
    <message>
        <source>Unfold %1</source>
        <translation>%1 entfalten</translation>
    </message>
    <message>
        <source>Select a composite to unfold it.</source>
        <translation>Wähle einen Verbund aus, um ihn zu entfalten.</translation>
    </message>
    <message>
        <source>Title of %1</source>
        <translation>Titel von %1</translation>
    </message>
    <message>
        <source>Title of the frame</source>
        <translation>Titel des Rahmens</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>bypassed</source>
        <translation>umgangen</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>has a problem</source>
        <translation>hat ein Problem</translation>
    </message>
    <message>
        <source>has a warning</source>
        <translation>hat eine Warnung</translation>
    </message>
    <message>
        <source>fitted</source>
        <translation>angepasst</translation>
    </message>
    <message>
        <source>is training</source>
        <translation>wird trainiert</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>trainiert</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>noch nicht geprüft</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>unknown block</source>
        <translation>unbekannter Block</translation>
    </message>
    <message>
        <source>Wire from %1 to %2</source>
        <translation>Verbindung von %1 nach %2</translation>
    </message>
    <message>
        <source>Select the block that the wire starts at.</source>
        <translation>Wähle den Block aus, an dem die Verbindung beginnt.</translation>
    </message>
    <message>
        <source>Blocks and wires. Tab adds a block, arrow keys move the selection, Alt with an arrow key goes from block to block, Ctrl+K draws a wire, Enter goes to the settings.</source>
        <translation>Blöcke und Verbindungen. Tab fügt einen Block hinzu, Pfeiltasten verschieben die Auswahl, Alt mit einer Pfeiltaste geht von Block zu Block, Strg+K zieht eine Verbindung, Eingabe führt zu den Einstellungen.</translation>
    </message>
</context>
<context>
    <name>blockyard::CellRows</name>
    <message>
        <source>A click on a cell shows its rows</source>
        <translation>Ein Klick auf eine Zelle zeigt ihre Zeilen</translation>
    </message>
    <message>
        <source>Asking the trained pipeline again…</source>
        <translation>Die trainierte Pipeline wird noch einmal gefragt…</translation>
    </message>
    <message>
        <source>; the first %1 are shown</source>
        <translation>; die ersten %1 werden gezeigt</translation>
    </message>
    <message>
        <source>Rows of class %1 answered as %2: %3</source>
        <translation>Zeilen der Klasse %1, als %2 beantwortet: %3</translation>
    </message>
    <message>
        <source>Rows with the largest errors first: %1</source>
        <translation>Zeilen mit den größten Fehlern zuerst: %1</translation>
    </message>
</context>
<context>
    <name>blockyard::ChartControls</name>
    <message>
        <source>S&amp;moothing</source>
        <translation>&amp;Glättung</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Weight of the past in the moving average; 0 shows every value as it is</source>
        <translation>Gewicht der Vergangenheit im gleitenden Mittel; 0 zeigt jeden Wert, wie er ist</translation>
    </message>
    <message>
        <source>Log &amp;x</source>
        <translation>Log &amp;x</translation>
    </message>
    <message>
        <source>Logarithmic x axis</source>
        <translation>Logarithmische x-Achse</translation>
    </message>
    <message>
        <source>Log &amp;y</source>
        <translation>Log &amp;y</translation>
    </message>
    <message>
        <source>Logarithmic y axis</source>
        <translation>Logarithmische y-Achse</translation>
    </message>
    <message>
        <source>All</source>
        <comment>of the curves</comment>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Alles zeigen</translation>
    </message>
</context>
<context>
    <name>blockyard::CompareTables</name>
    <message>
        <source> (n %1)</source>
        <translation> (n %1)</translation>
    </message>
    <message>
        <source>%1
One pair with the same seed: too few for an interval</source>
        <translation>%1
Ein Paar mit demselben Startwert: zu wenig für ein Intervall</translation>
    </message>
    <message>
        <source>%1
Difference to the baseline over %2 pairs with the same seed, with its 95 % interval; p %3 (Holm)</source>
        <translation>%1
Unterschied zur Baseline über %2 Paare mit demselben Startwert, mit 95-%-Intervall; p %3 (Holm)</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>Einstellungen, die sich unterscheiden</translation>
    </message>
    <message>
        <source>Scores, with the difference to the baseline</source>
        <translation>Ergebnisse, mit dem Unterschied zur Baseline</translation>
    </message>
    <message>
        <source>Runs that differ by their seeds alone, share a tag or a setting are judged together: mean ± deviation, and the difference to the baseline seed by seed</source>
        <translation>Läufe, die sich nur im Startwert unterscheiden oder ein Schlagwort oder eine Einstellung teilen, werden zusammen beurteilt: Mittel ± Abweichung und der Unterschied zur Baseline, Startwert für Startwert</translation>
    </message>
    <message>
        <source>How runs are grouped</source>
        <translation>Wie Läufe gruppiert werden</translation>
    </message>
    <message>
        <source>Scores that are shown</source>
        <translation>Ergebnisse, die gezeigt werden</translation>
    </message>
    <message>
        <source>Run by run</source>
        <translation>Lauf für Lauf</translation>
    </message>
    <message>
        <source>By equal settings, over seeds</source>
        <translation>Nach gleichen Einstellungen, über Startwerte</translation>
    </message>
    <message>
        <source>By tag</source>
        <translation>Nach Schlagwort</translation>
    </message>
    <message>
        <source>By %1</source>
        <translation>Nach %1</translation>
    </message>
    <message>
        <source>Over all rows</source>
        <translation>Über alle Zeilen</translation>
    </message>
    <message>
        <source>%1 of each class</source>
        <translation>%1 jeder Klasse</translation>
    </message>
    <message>
        <source> (baseline)</source>
        <translation> (Baseline)</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>The settings are the same</source>
        <translation>Die Einstellungen sind gleich</translation>
    </message>
    <message>
        <source>Scores, with the difference to the baseline (▲ better, ▼ worse)</source>
        <translation>Ergebnisse, mit dem Unterschied zur Baseline (▲ besser, ▼ schlechter)</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>None of these runs has a tag</source>
        <translation>Keiner dieser Läufe hat ein Schlagwort</translation>
    </message>
    <message>
        <source>The settings are the same but for the seed</source>
        <translation>Die Einstellungen sind bis auf den Startwert gleich</translation>
    </message>
    <message>
        <source>Mean ± deviation; below it the difference to the baseline, seed by seed, with its 95 % interval (▲ better, ▼ worse)</source>
        <translation>Mittel ± Abweichung; darunter der Unterschied zur Baseline, Startwert für Startwert, mit 95-%-Intervall (▲ besser, ▼ schlechter)</translation>
    </message>
    <message>
        <source>Pin as &amp;baseline</source>
        <translation>Als &amp;Baseline anheften</translation>
    </message>
</context>
<context>
    <name>blockyard::CompareView</name>
    <message>
        <source>Curves of the runs</source>
        <translation>Kurven der Läufe</translation>
    </message>
    <message>
        <source>Comparison of runs</source>
        <translation>Vergleich von Läufen</translation>
    </message>
    <message>
        <source>Curve that is shown</source>
        <translation>Gezeigte Kurve</translation>
    </message>
    <message>
        <source>C&amp;urve</source>
        <translation>K&amp;urve</translation>
    </message>
    <message>
        <source>Choose two runs or more in the list of runs, then Compare</source>
        <translation>In der Liste der Läufe mindestens zwei auswählen, dann Vergleichen</translation>
    </message>
    <message>
        <source>Curves and scores</source>
        <translation>Kurven und Metriken</translation>
    </message>
    <message>
        <source>Confusion matrices</source>
        <translation>Konfusionsmatrizen</translation>
    </message>
    <message>
        <source>Pipelines</source>
        <translation>Pipelines</translation>
    </message>
    <message>
        <source>Rows that differ</source>
        <translation>Abweichende Zeilen</translation>
    </message>
</context>
<context>
    <name>blockyard::ConfusionMatrix</name>
    <message>
        <source>Confusion matrix</source>
        <translation>Konfusionsmatrix</translation>
    </message>
    <message>
        <source>True classes in rows, answers in columns</source>
        <translation>Wahre Klassen in Zeilen, Antworten in Spalten</translation>
    </message>
    <message>
        <source>Scores per class</source>
        <translation>Metriken je Klasse</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Precision</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Recall</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Support</translation>
    </message>
    <message>
        <source>True classes in rows, answers in columns; the share is that of the true class</source>
        <translation>Wahre Klassen in Zeilen, Antworten in Spalten; der Anteil ist der an der wahren Klasse</translation>
    </message>
    <message>
        <source>A row may have several labels here, so there is no confusion matrix</source>
        <translation>Eine Zeile kann hier mehrere Labels haben, darum gibt es keine Konfusionsmatrix</translation>
    </message>
    <message>
        <source>No classes to compare yet</source>
        <translation>Noch keine Klassen zu vergleichen</translation>
    </message>
</context>
<context>
    <name>blockyard::ConfusionModel</name>
    <message numerus="yes">
        <source>%1 answered as %2: %3 rows, %4 of this class</source>
        <translation>
            <numerusform>%1 als %2 beantwortet: %3 Zeile, %4 dieser Klasse</numerusform>
            <numerusform>%1 als %2 beantwortet: %3 Zeilen, %4 dieser Klasse</numerusform>
        </translation>
    </message>
    <message>
        <source>Answered as %1</source>
        <translation>Als %1 beantwortet</translation>
    </message>
    <message>
        <source>Truly %1</source>
        <translation>In Wahrheit %1</translation>
    </message>
</context>
<context>
    <name>blockyard::ConfusionPage</name>
    <message>
        <source>Rows that were judged</source>
        <translation>Beurteilte Zeilen</translation>
    </message>
    <message>
        <source>Test rows</source>
        <translation>Testzeilen</translation>
    </message>
    <message>
        <source>Validation rows</source>
        <translation>Validierungszeilen</translation>
    </message>
    <message>
        <source>None of these runs has a confusion matrix of these rows: that takes one class per row</source>
        <translation>Keiner dieser Läufe hat eine Konfusionsmatrix dieser Zeilen: Dazu braucht es eine Klasse je Zeile</translation>
    </message>
    <message>
        <source>Without a confusion matrix: %1</source>
        <translation>Ohne Konfusionsmatrix: %1</translation>
    </message>
    <message>
        <source>True classes in rows, answers in columns; the share is that of the true class</source>
        <translation>Wahre Klassen in Zeilen, Antworten in Spalten; der Anteil ist der an der wahren Klasse</translation>
    </message>
</context>
<context>
    <name>blockyard::EffectPlot</name>
    <message>
        <source>too few runs</source>
        <translation>zu wenige Läufe</translation>
    </message>
    <message>
        <source>no effect shown</source>
        <translation>keine Wirkung gezeigt</translation>
    </message>
    <message>
        <source>worse without</source>
        <translation>schlechter ohne</translation>
    </message>
    <message>
        <source>better without</source>
        <translation>besser ohne</translation>
    </message>
    <message>
        <source>Effects</source>
        <translation>Wirkungen</translation>
    </message>
    <message>
        <source>Change of %1, 95 % interval</source>
        <translation>Änderung von %1, 95-%-Intervall</translation>
    </message>
</context>
<context>
    <name>blockyard::ExportDialog</name>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>&amp;Exportieren</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Export the trained pipeline</source>
        <translation>Die trainierte Pipeline exportieren</translation>
    </message>
    <message>
        <source>%1 (not available: %2)</source>
        <translation>%1 (nicht verfügbar: %2)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation>F&amp;ormat</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>F&amp;ile</source>
        <translation>Da&amp;tei</translation>
    </message>
    <message>
        <source>The same in a terminal</source>
        <translation>Dasselbe in einem Terminal</translation>
    </message>
    <message>
        <source>In a terminal</source>
        <translation>Im Terminal</translation>
    </message>
    <message>
        <source>No run of this project has a trained pipeline yet: train it first (F5).</source>
        <translation>Noch kein Lauf dieses Projekts hat eine trainierte Pipeline: erst trainieren (F5).</translation>
    </message>
    <message>
        <source>Say which file is to be written.</source>
        <translation>Sag, welche Datei geschrieben werden soll.</translation>
    </message>
    <message>
        <source>This is a folder: name a file in it.</source>
        <translation>Das ist ein Ordner: nenne eine Datei darin.</translation>
    </message>
    <message>
        <source>There is a file of this name.</source>
        <translation>Es gibt eine Datei dieses Namens.</translation>
    </message>
    <message>
        <source>&amp;Replace the file</source>
        <translation>Datei e&amp;rsetzen</translation>
    </message>
    <message>
        <source>Export as</source>
        <translation>Exportieren als</translation>
    </message>
    <message>
        <source>Wrote %1 (%2).</source>
        <translation>%1 geschrieben (%2).</translation>
    </message>
    <message>
        <source>Keep some &amp;test rows with their answers in it</source>
        <translation>Einige Test&amp;zeilen mit ihren Antworten darin lassen</translation>
    </message>
    <message>
        <source>They show anybody who has the file that it still answers as it was trained. They are data: leave them out where no row may leave.</source>
        <translation>Sie zeigen jedem, der die Datei hat, dass sie noch so antwortet, wie sie trainiert wurde. Sie sind Daten: Lassen Sie sie weg, wo keine Zeile hinausdarf.</translation>
    </message>
    <message>
        <source>This is a file: the format is a folder, name a new one.</source>
        <translation>Das ist eine Datei: Das Format ist ein Ordner, nennen Sie einen neuen.</translation>
    </message>
    <message>
        <source>There is a folder of this name.</source>
        <translation>Einen Ordner dieses Namens gibt es schon.</translation>
    </message>
    <message>
        <source>&amp;Replace the folder</source>
        <translation>Den Ordner e&amp;rsetzen</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>blockyard::GraphView</name>
    <message>
        <source>Pipeline of a run</source>
        <translation>Pipeline eines Laufs</translation>
    </message>
</context>
<context>
    <name>blockyard::GraphsPage</name>
    <message>
        <source>The pipelines and their settings are the same</source>
        <translation>Die Pipelines und ihre Einstellungen sind gleich</translation>
    </message>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Differences of the pipelines</source>
        <translation>Unterschiede der Pipelines</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>A pipeline of a later version of Blockyard cannot be compared</source>
        <translation>Eine Pipeline aus einer neueren Version von Blockyard kann nicht verglichen werden</translation>
    </message>
    <message>
        <source>Choose two runs to see how their pipelines differ</source>
        <translation>Zwei Läufe auswählen, um zu sehen, wie sich ihre Pipelines unterscheiden</translation>
    </message>
    <message>
        <source>there</source>
        <translation>da</translation>
    </message>
    <message>
        <source>wire %1</source>
        <translation>Verbindung %1</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>What differs: %1 (+ only in the second, − only in the first, ≠ set otherwise)</source>
        <translation>Was sich unterscheidet: %1 (+ nur im zweiten, − nur im ersten, ≠ anders gesetzt)</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>Erster Lauf</translation>
    </message>
    <message>
        <source>Second run</source>
        <translation>Zweiter Lauf</translation>
    </message>
    <message numerus="yes">
        <source>%n blocks</source>
        <translation>
            <numerusform>%n Block</numerusform>
            <numerusform>%n Blöcke</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wires</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n training settings</source>
        <translation>
            <numerusform>%n Trainingseinstellung</numerusform>
            <numerusform>%n Trainingseinstellungen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::HeadBox</name>
    <message>
        <source>Head that is asked about</source>
        <translation>Kopf, der befragt wird</translation>
    </message>
    <message>
        <source>Which of the classifiers and regressors is asked about</source>
        <translation>Welcher der Klassifikatoren und Regressoren befragt wird</translation>
    </message>
</context>
<context>
    <name>blockyard::HeatMap</name>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>row %1, %2: %3</source>
        <translation>Zeile %1, %2: %3</translation>
    </message>
</context>
<context>
    <name>blockyard::HelpPage</name>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>This version does not know this block; it is kept as it is.</source>
        <translation>Diese Version kennt diesen Block nicht; er bleibt, wie er ist.</translation>
    </message>
</context>
<context>
    <name>blockyard::HistogramChart</name>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>No histograms yet</source>
        <translation>Noch keine Histogramme</translation>
    </message>
    <message>
        <source>step %1: %2 to %3, mean %4, deviation %5</source>
        <translation>Schritt %1: %2 bis %3, Mittel %4, Abweichung %5</translation>
    </message>
</context>
<context>
    <name>blockyard::HistogramView</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>Of %1</source>
        <translation>Von %1</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 of %3 values, %4 %</source>
        <translation>
            <numerusform>%1: %2 von %3 Wert, %4 %</numerusform>
            <numerusform>%1: %2 von %3 Werten, %4 %</numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing to count: every value is missing, or they are texts</source>
        <translation>Es gibt nichts zu zählen: alle Werte fehlen, oder es sind Texte</translation>
    </message>
    <message>
        <source>at most %1 in a bin</source>
        <translation>höchstens %1 in einer Klasse</translation>
    </message>
</context>
<context>
    <name>blockyard::InspectDialog</name>
    <message>
        <source>&amp;Save as a page…</source>
        <translation>Als Seite &amp;sichern…</translation>
    </message>
    <message>
        <source>The data: %1</source>
        <translation>Die Daten: %1</translation>
    </message>
    <message>
        <source>All rows are being read…</source>
        <translation>Alle Zeilen werden gelesen…</translation>
    </message>
    <message>
        <source>Reading the rows</source>
        <translation>Lesen der Zeilen</translation>
    </message>
    <message>
        <source>One file of HTML that needs nothing else</source>
        <translation>Eine HTML-Datei, die sonst nichts braucht</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>Save as a page</source>
        <translation>Als Seite sichern</translation>
    </message>
    <message>
        <source>Pages (*.html)</source>
        <translation>Seiten (*.html)</translation>
    </message>
</context>
<context>
    <name>blockyard::Inspector</name>
    <message>
        <source>Training of %1</source>
        <translation>Training von %1</translation>
    </message>
    <message numerus="yes">
        <source>%n blocks are selected</source>
        <translation>
            <numerusform>%n Block ist ausgewählt</numerusform>
            <numerusform>%n Blöcke sind ausgewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Composite %1</source>
        <translation>Verbund %1</translation>
    </message>
    <message>
        <source>Its open ports are the wires that led out of it when it was folded, and every port inside that still needs a wire. The training is set in the pipeline around it.</source>
        <translation>Seine offenen Anschlüsse sind die Verbindungen, die beim Falten aus ihm herausführten, und jeder Anschluss darin, der noch eine Verbindung braucht. Das Training wird in der Pipeline um ihn herum eingestellt.</translation>
    </message>
    <message>
        <source>Parameters of all of them: %1</source>
        <translation>Parameter von allen: %1</translation>
    </message>
</context>
<context>
    <name>blockyard::LineChart</name>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Curves of %1</source>
        <translation>Kurven von %1</translation>
    </message>
    <message>
        <source>A curve without check mark is hidden</source>
        <translation>Eine Kurve ohne Häkchen ist ausgeblendet</translation>
    </message>
    <message>
        <source>Logarithmic axis: %1 of the points are left out, for they are not positive</source>
        <translation>Logarithmische Achse: %1 der Punkte fehlen, denn sie sind nicht positiv</translation>
    </message>
    <message>
        <source>No points yet</source>
        <translation>Noch keine Punkte</translation>
    </message>
    <message>
        <source>Last values at %1 %2: %3</source>
        <translation>Letzte Werte bei %1 %2: %3</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Logarithmic x axis</source>
        <translation>Logarithmische x-Achse</translation>
    </message>
    <message>
        <source>Logarithmic y axis</source>
        <translation>Logarithmische y-Achse</translation>
    </message>
    <message>
        <source>Save as picture (PNG)…</source>
        <translation>Als Bild speichern (PNG)…</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Save as drawing (SVG)…</source>
        <translation>Als Zeichnung speichern (SVG)…</translation>
    </message>
    <message>
        <source>Drawings (*.svg)</source>
        <translation>Zeichnungen (*.svg)</translation>
    </message>
    <message>
        <source>Save as table (CSV)…</source>
        <translation>Als Tabelle speichern (CSV)…</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Save chart</source>
        <translation>Diagramm speichern</translation>
    </message>
</context>
<context>
    <name>blockyard::LiveCharts</name>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Metrics of the validation rows</source>
        <translation>Metriken der Validierungszeilen</translation>
    </message>
    <message>
        <source>Learning rate, gradient norm</source>
        <translation>Lernrate, Gradientennorm</translation>
    </message>
    <message>
        <source>Curves of the training</source>
        <translation>Kurven des Trainings</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Auslastung</translation>
    </message>
    <message>
        <source>&amp;Metric</source>
        <translation>&amp;Metrik</translation>
    </message>
    <message>
        <source>Metric that is shown</source>
        <translation>Gezeigte Metrik</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>Wichtigste</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>Learning Rate</translation>
    </message>
    <message>
        <source>gradient norm</source>
        <translation>Gradientennorm</translation>
    </message>
    <message>
        <source>resumed</source>
        <translation>fortgesetzt</translation>
    </message>
    <message>
        <source>learning rate × %1</source>
        <translation>Learning Rate × %1</translation>
    </message>
</context>
<context>
    <name>blockyard::LoadView</name>
    <message>
        <source>Processor: cores that are busy</source>
        <translation>Prozessor: beschäftigte Kerne</translation>
    </message>
    <message>
        <source>Memory in GB</source>
        <translation>Speicher in GB</translation>
    </message>
    <message>
        <source>GPU in percent</source>
        <translation>GPU in Prozent</translation>
    </message>
    <message>
        <source>Load of the machine</source>
        <translation>Auslastung des Rechners</translation>
    </message>
    <message>
        <source>cores</source>
        <translation>Kerne</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>Looking for a GPU</source>
        <translation>Suche nach einer GPU</translation>
    </message>
    <message>
        <source>No GPU to show: %1</source>
        <translation>Keine GPU zu zeigen: %1</translation>
    </message>
    <message>
        <source>%1 busy</source>
        <translation>%1 beschäftigt</translation>
    </message>
    <message>
        <source>%1 memory</source>
        <translation>%1 Speicher</translation>
    </message>
</context>
<context>
    <name>blockyard::MainWindow</name>
    <message>
        <source>Unsaved work cannot be kept safe: %1</source>
        <translation>Ungespeicherte Arbeit kann nicht gesichert werden: %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>&amp;New project</source>
        <translation>&amp;Neues Projekt</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>Startseite</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
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
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>Ver&amp;doppeln</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>Alles aus&amp;wählen</translation>
    </message>
    <message>
        <source>&amp;Bypass</source>
        <translation>&amp;Umgehen</translation>
    </message>
    <message>
        <source>Add &amp;block…</source>
        <translation>&amp;Block hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Tidy up</source>
        <translation>&amp;Aufräumen</translation>
    </message>
    <message>
        <source>&amp;Frame the selection</source>
        <translation>Auswahl ein&amp;rahmen</translation>
    </message>
    <message>
        <source>Add a &amp;note</source>
        <translation>&amp;Notiz hinzufügen</translation>
    </message>
    <message>
        <source>Align left</source>
        <translation>Links ausrichten</translation>
    </message>
    <message>
        <source>Align centres</source>
        <translation>Waagerecht zentrieren</translation>
    </message>
    <message>
        <source>Align right</source>
        <translation>Rechts ausrichten</translation>
    </message>
    <message>
        <source>Align top</source>
        <translation>Oben ausrichten</translation>
    </message>
    <message>
        <source>Align middles</source>
        <translation>Senkrecht zentrieren</translation>
    </message>
    <message>
        <source>Align bottom</source>
        <translation>Unten ausrichten</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom to &amp;fit</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>Full si&amp;ze</source>
        <translation>&amp;Originalgröße</translation>
    </message>
    <message>
        <source>Theme of the desktop</source>
        <translation>Design des Desktops</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>Helles Design</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>Dunkles Design</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>&amp;Trainieren</translation>
    </message>
    <message>
        <source>&amp;Dry run</source>
        <translation>Probe&amp;lauf</translation>
    </message>
    <message>
        <source>&amp;Pause or continue</source>
        <translation>&amp;Pause oder Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Stopp</translation>
    </message>
    <message>
        <source>&amp;Help on the block</source>
        <translation>&amp;Hilfe zum Block</translation>
    </message>
    <message>
        <source>&amp;Shortcuts…</source>
        <translation>&amp;Tastenkürzel…</translation>
    </message>
    <message>
        <source>&amp;About Blockyard</source>
        <translation>&amp;Über Blockyard</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>&amp;Wiederholen: %1</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Arrange</source>
        <translation>An&amp;ordnen</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Save the project first: its runs are kept beside it.</source>
        <translation>Speichern Sie zuerst das Projekt: Seine Läufe liegen neben ihm.</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Projects and tables (*.blockyard *.csv *.tsv *.parquet *.arrow *.feather);;All files (*)</source>
        <translation>Projekte und Tabellen (*.blockyard *.csv *.tsv *.parquet *.arrow *.feather);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>Projects (*.blockyard)</source>
        <translation>Projekte (*.blockyard)</translation>
    </message>
    <message>
        <source>an unsaved project</source>
        <translation>einem ungespeicherten Projekt</translation>
    </message>
    <message>
        <source>Unsaved work of %1 from %2 was left behind.</source>
        <translation>Von %1 ist ungespeicherte Arbeit vom %2 übrig.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>Wegwerfen</translation>
    </message>
    <message>
        <source>The project has changes that are not saved.</source>
        <translation>Das Projekt hat ungespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>Save and close</source>
        <translation>Speichern und schließen</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>Schließen ohne zu speichern</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>Unnamed project</source>
        <translation>Unbenanntes Projekt</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Problems (%1)</source>
        <translation>Probleme (%1)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Keep a version…</source>
        <translation>Version &amp;behalten…</translation>
    </message>
    <message>
        <source>Go back to a &amp;version</source>
        <translation>Zurück zu einer &amp;Version</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>Lauf %1</translation>
    </message>
    <message>
        <source>The pipeline is as it was in %1.</source>
        <translation>Die Pipeline ist, wie sie in %1 war.</translation>
    </message>
    <message>
        <source>opening the pipeline of %1</source>
        <translation>Öffnen der Pipeline von %1</translation>
    </message>
    <message>
        <source>The pipeline and its settings are as they were in %1.</source>
        <translation>Die Pipeline und ihre Einstellungen sind, wie sie in %1 waren.</translation>
    </message>
    <message>
        <source>Save the project first: its versions are kept beside it.</source>
        <translation>Speichern Sie zuerst das Projekt: Seine Versionen liegen neben ihm.</translation>
    </message>
    <message>
        <source>Keep a version</source>
        <translation>Version behalten</translation>
    </message>
    <message>
        <source>A name for the pipeline as it is now, to come back to it or to compare with it:</source>
        <translation>Ein Name für die Pipeline, wie sie jetzt ist, um zu ihr zurückzukehren oder mit ihr zu vergleichen:</translation>
    </message>
    <message>
        <source>Kept as version “%1”.</source>
        <translation>Als Version „%1“ behalten.</translation>
    </message>
    <message>
        <source>version “%1”</source>
        <translation>Version „%1“</translation>
    </message>
    <message>
        <source>None was kept yet</source>
        <translation>Noch keine wurde behalten</translation>
    </message>
    <message>
        <source>Save the project and train it first: then there is a trained pipeline to export.</source>
        <translation>Erst das Projekt speichern und trainieren: dann gibt es eine trainierte Pipeline zu exportieren.</translation>
    </message>
    <message numerus="yes">
        <source>Opened %1, the first of %n files: one project or table is open at a time.</source>
        <translation>
            <numerusform>%1 geöffnet: ein Projekt oder eine Tabelle ist jeweils offen (%n Datei).</numerusform>
            <numerusform>%1 geöffnet, die erste von %n Dateien: ein Projekt oder eine Tabelle ist jeweils offen.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Export the trained pipeline…</source>
        <translation>Die trainierte Pipeline &amp;exportieren…</translation>
    </message>
    <message>
        <source>F&amp;old into a composite</source>
        <translation>Zu einem Verbund f&amp;alten</translation>
    </message>
    <message>
        <source>&amp;Unfold the composite</source>
        <translation>Den Verbund &amp;entfalten</translation>
    </message>
    <message>
        <source>&amp;Keep the composite in my blocks</source>
        <translation>Den Verbund in meinen Blöcken be&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Leave the composite</source>
        <translation>Den Verbund &amp;verlassen</translation>
    </message>
    <message>
        <source>&amp;Peek at the selection</source>
        <translation>&amp;Einblick in die Auswahl</translation>
    </message>
    <message>
        <source>Peek</source>
        <translation>Einblick</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>Vorhersagen</translation>
    </message>
    <message>
        <source>Removed “%1” from my blocks.</source>
        <translation>„%1“ aus meinen Blöcken entfernt.</translation>
    </message>
    <message>
        <source>Kept as “%1” under My blocks.</source>
        <translation>Als „%1“ unter Meine Blöcke behalten.</translation>
    </message>
    <message numerus="yes">
        <source>A new project that predicts “%1” from the other %n columns. The block “table” names another target.</source>
        <translation>
            <numerusform>Ein neues Projekt, das „%1“ aus der übrigen Spalte (%n insgesamt) vorhersagt. Der Block „table“ kann ein anderes Ziel nennen.</numerusform>
            <numerusform>Ein neues Projekt, das „%1“ aus den übrigen %n Spalten vorhersagt. Der Block „table“ kann ein anderes Ziel nennen.</numerusform>
        </translation>
    </message>
    <message>
        <source>This folder cannot be written to, and runs are kept beside the project: save it elsewhere first.</source>
        <translation>In diesen Ordner kann nicht geschrieben werden, und Läufe liegen neben dem Projekt: speichere es zuerst anderswo.</translation>
    </message>
    <message>
        <source>Texts have %1 % of their usual size.</source>
        <translation>Texte haben %1 % ihrer üblichen Größe.</translation>
    </message>
    <message>
        <source>Draw a &amp;wire from the block</source>
        <translation>&amp;Verbindung vom Block ziehen</translation>
    </message>
    <message>
        <source>&amp;Settings of the block</source>
        <translation>&amp;Einstellungen des Blocks</translation>
    </message>
    <message>
        <source>Next pa&amp;nel</source>
        <translation>&amp;Nächster Bereich</translation>
    </message>
    <message>
        <source>Pre&amp;vious panel</source>
        <translation>&amp;Voriger Bereich</translation>
    </message>
    <message>
        <source>&amp;Larger text</source>
        <translation>&amp;Größerer Text</translation>
    </message>
    <message>
        <source>Sm&amp;aller text</source>
        <translation>&amp;Kleinerer Text</translation>
    </message>
    <message>
        <source>&amp;Usual size of text</source>
        <translation>&amp;Übliche Textgröße</translation>
    </message>
    <message>
        <source>Train on the CPU</source>
        <translation>Auf der CPU trainieren</translation>
    </message>
    <message>
        <source>training on the CPU</source>
        <translation>Training auf der CPU</translation>
    </message>
    <message>
        <source>Show the setting</source>
        <translation>Einstellung zeigen</translation>
    </message>
    <message>
        <source>&amp;Inspect all data…</source>
        <translation>Alle Daten &amp;untersuchen…</translation>
    </message>
    <message>
        <source>There is no source whose settings are right, so there is no data to inspect.</source>
        <translation>Es gibt keine Quelle mit richtigen Einstellungen und daher keine Daten zu untersuchen.</translation>
    </message>
    <message numerus="yes">
        <source>A new project that learns %n classes, one for each folder of pictures.</source>
        <translation>
            <numerusform>Ein neues Projekt, das %n Klasse lernt, eine je Ordner mit Bildern.</numerusform>
            <numerusform>Ein neues Projekt, das %n Klassen lernt, eine je Ordner mit Bildern.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A new project that learns %n classes, one for each folder of sounds.</source>
        <translation>
            <numerusform>Ein neues Projekt, das %n Klasse lernt, eine für jeden Ordner mit Klängen.</numerusform>
            <numerusform>Ein neues Projekt, das %n Klassen lernt, eine für jeden Ordner mit Klängen.</numerusform>
        </translation>
    </message>
    <message>
        <source>New st&amp;udy…</source>
        <translation>Neue St&amp;udie…</translation>
    </message>
    <message>
        <source>&amp;Report of a run…</source>
        <translation>&amp;Bericht über einen Lauf…</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Studien</translation>
    </message>
    <message>
        <source>The study “%1” has ended.</source>
        <translation>Die Studie „%1“ ist zu Ende.</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Anzeigen</translation>
    </message>
</context>
<context>
    <name>blockyard::MemorySlider</name>
    <message>
        <source>Up to the memory of this machine: %1</source>
        <translation>Bis zum Speicher dieses Rechners: %1</translation>
    </message>
</context>
<context>
    <name>blockyard::MessageBar</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>blockyard::Minimap</name>
    <message>
        <source>Overview of the canvas</source>
        <translation>Übersicht der Arbeitsfläche</translation>
    </message>
</context>
<context>
    <name>blockyard::NotesDialog</name>
    <message>
        <source>Tags and note of run %1</source>
        <translation>Schlagwörter und Notiz von Lauf %1</translation>
    </message>
    <message>
        <source>&amp;Tags</source>
        <translation>&amp;Schlagwörter</translation>
    </message>
    <message>
        <source>&amp;Tags to add</source>
        <translation>Neue &amp;Schlagwörter</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Words, such as: good wider-net</source>
        <translation>Wörter, etwa: gut breiteres-Netz</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>What is worth knowing about this run</source>
        <translation>Was man über diesen Lauf wissen sollte</translation>
    </message>
    <message>
        <source>&amp;Note</source>
        <translation>&amp;Notiz</translation>
    </message>
    <message numerus="yes">
        <source>Tags for %n runs</source>
        <translation>
            <numerusform>Schlagwörter für %n Lauf</numerusform>
            <numerusform>Schlagwörter für %n Läufe</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::Palette</name>
    <message>
        <source>Search blocks</source>
        <translation>Blöcke suchen</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>My blocks</source>
        <translation>Meine Blöcke</translation>
    </message>
    <message>
        <source>A composite that you keep. F2 renames it, Delete removes it.</source>
        <translation>Ein Verbund, den du behältst. F2 benennt ihn um, Entf entfernt ihn.</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>Remove from my &amp;blocks</source>
        <translation>Aus meinen &amp;Blöcken entfernen</translation>
    </message>
</context>
<context>
    <name>blockyard::ParallelPlot</name>
    <message>
        <source>Parallel coordinates</source>
        <translation>Parallele Koordinaten</translation>
    </message>
    <message numerus="yes">
        <source>The best of %n trials: %1</source>
        <translation>
            <numerusform>Der beste von %n Versuch: %1</numerusform>
            <numerusform>Der beste von %n Versuchen: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::ParamEditor</name>
    <message>
        <source>a, b, ...</source>
        <translation>a, b, …</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <source>Choose the file for %1</source>
        <translation>Datei für %1 wählen</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
</context>
<context>
    <name>blockyard::ParamForm</name>
    <message>
        <source>Length</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>Batches</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>Optimizer</translation>
    </message>
    <message>
        <source>Schedule of the learning rate</source>
        <translation>Verlauf der Learning Rate</translation>
    </message>
    <message>
        <source>Synthetic rows</source>
        <translation>Künstliche Zeilen</translation>
    </message>
    <message>
        <source>Regularisation</source>
        <translation>Regularisierung</translation>
    </message>
    <message>
        <source>Split of the rows</source>
        <translation>Aufteilung der Zeilen</translation>
    </message>
    <message>
        <source>Speed and memory</source>
        <translation>Tempo und Speicher</translation>
    </message>
    <message>
        <source>Safety and trials</source>
        <translation>Sicherheit und Proben</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>Einstellung suchen</translation>
    </message>
</context>
<context>
    <name>blockyard::ParamRow</name>
    <message>
        <source>Back to the default</source>
        <translation>Zurück zum Standardwert</translation>
    </message>
    <message>
        <source>Copy as --set</source>
        <translation>Als --set kopieren</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Use a variable</source>
        <translation>Variable benutzen</translation>
    </message>
    <message>
        <source>New variable...</source>
        <translation>Neue Variable…</translation>
    </message>
    <message>
        <source>Set %1 to a variable</source>
        <translation>%1 auf eine Variable setzen</translation>
    </message>
    <message>
        <source>New variable</source>
        <translation>Neue Variable</translation>
    </message>
    <message>
        <source>Name of the variable; it takes the value that %1 has now.</source>
        <translation>Name der Variable; sie erhält den Wert, den %1 jetzt hat.</translation>
    </message>
    <message>
        <source>New variable %1</source>
        <translation>Neue Variable %1</translation>
    </message>
    <message>
        <source>Set here; not the default</source>
        <translation>Hier gesetzt; nicht der Standardwert</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Back to the default of %1</source>
        <translation>Zurück zum Standardwert von %1</translation>
    </message>
    <message>
        <source>stands for %1</source>
        <translation>steht für %1</translation>
    </message>
    <message>
        <source>Default: %1. </source>
        <translation>Standardwert: %1. </translation>
    </message>
    <message>
        <source>Allowed: %1. </source>
        <translation>Erlaubt: %1. </translation>
    </message>
    <message>
        <source>Set here.</source>
        <translation>Hier gesetzt.</translation>
    </message>
    <message>
        <source>Not set: the default holds.</source>
        <translation>Nicht gesetzt: Es gilt der Standardwert.</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>%1 setzen</translation>
    </message>
    <message>
        <source>Not taken: %1. It stays %2.</source>
        <translation>Nicht übernommen: %1. Es bleibt bei %2.</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>%1 zurücksetzen</translation>
    </message>
    <message>
        <source>Sweep this…</source>
        <translation>Mehrere Werte probieren…</translation>
    </message>
    <message>
        <source>The blocks differ; shown is that of %1.</source>
        <translation>Die Blöcke sind verschieden; gezeigt ist der Wert von %1.</translation>
    </message>
</context>
<context>
    <name>blockyard::PathQuestion</name>
    <message>
        <source>This project wants to read what lies outside its folder: %1</source>
        <translation>Dieses Projekt will lesen, was außerhalb seines Ordners liegt: %1</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
    <message>
        <source>Do not read</source>
        <translation>Nicht lesen</translation>
    </message>
</context>
<context>
    <name>blockyard::PeekPanel</name>
    <message numerus="yes">
        <source>all %1 rows</source>
        <translation>
            <numerusform>die einzige Zeile (%1)</numerusform>
            <numerusform>alle %1 Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the first %1 rows</source>
        <translation>
            <numerusform>die erste Zeile (%1)</numerusform>
            <numerusform>die ersten %1 Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>after step %1 of the training</source>
        <translation>nach Schritt %1 des Trainings</translation>
    </message>
    <message>
        <source>as trained by run %1</source>
        <translation>wie von Lauf %1 trainiert</translation>
    </message>
    <message>
        <source>fitted on these rows</source>
        <translation>an diese Zeilen angepasst</translation>
    </message>
    <message>
        <source>weights not trained yet</source>
        <translation>Gewichte noch nicht trainiert</translation>
    </message>
    <message>
        <source>Peek</source>
        <translation>Einblick</translation>
    </message>
    <message>
        <source>Output port</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>The output to look at. A click on a wire or on an output port chooses it, too</source>
        <translation>Der Ausgang, der betrachtet wird. Auch ein Klick auf eine Verbindung oder einen Ausgang wählt ihn</translation>
    </message>
    <message>
        <source>Choose an output</source>
        <translation>Ausgang wählen</translation>
    </message>
    <message>
        <source> rows</source>
        <translation> Zeilen</translation>
    </message>
    <message>
        <source>Rows to look at</source>
        <translation>Zu betrachtende Zeilen</translation>
    </message>
    <message>
        <source>How many rows of the source to look at, from the first one on. Before a training, blocks that are fitted are fitted on these rows</source>
        <translation>Wie viele Zeilen der Quelle betrachtet werden, von der ersten an. Vor einem Training werden Blöcke, die angepasst werden, an diese Zeilen angepasst</translation>
    </message>
    <message>
        <source>&amp;Follow the training</source>
        <translation>Training &amp;verfolgen</translation>
    </message>
    <message>
        <source>Looks again every few seconds while the pipeline is trained</source>
        <translation>Sieht alle paar Sekunden erneut nach, während die Pipeline trainiert wird</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Erneut ansehen</translation>
    </message>
    <message>
        <source>Reads the rows anew: after a file has changed, or with the weights of the moment</source>
        <translation>Liest die Zeilen neu: nachdem sich eine Datei geändert hat, oder mit den Gewichten des Augenblicks</translation>
    </message>
    <message>
        <source>Progress of the look</source>
        <translation>Fortschritt des Einblicks</translation>
    </message>
    <message>
        <source>Click a wire or an output port to see what flows there.</source>
        <translation>Ein Klick auf eine Verbindung oder einen Ausgang zeigt, was dort fließt.</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Sieht nach …</translation>
    </message>
    <message>
        <source>The training answers after its first batch.</source>
        <translation>Das Training antwortet nach seinem ersten Batch.</translation>
    </message>
</context>
<context>
    <name>blockyard::PicturesModel</name>
    <message>
        <source>row %1</source>
        <translation>Zeile %1</translation>
    </message>
    <message>
        <source>row %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
</context>
<context>
    <name>blockyard::PortPanel</name>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>unit: %1</source>
        <translation>Einheit: %1</translation>
    </message>
    <message>
        <source>Arrives</source>
        <translation>Kommt an</translation>
    </message>
    <message>
        <source>Leaves</source>
        <translation>Geht hinaus</translation>
    </message>
    <message>
        <source>not known yet; takes %1</source>
        <translation>noch nicht bekannt; nimmt %1</translation>
    </message>
    <message>
        <source>not known yet: %1</source>
        <translation>noch nicht bekannt: %1</translation>
    </message>
</context>
<context>
    <name>blockyard::PredictPanel</name>
    <message>
        <source>Answers, a row each</source>
        <translation>Antworten, je eine Zeile</translation>
    </message>
    <message>
        <source>&amp;Trained pipeline</source>
        <translation>&amp;Trainierte Pipeline</translation>
    </message>
    <message>
        <source>Answer &amp;files…</source>
        <translation>&amp;Dateien beantworten…</translation>
    </message>
    <message>
        <source>Rows (CSV, TSV, Parquet, Arrow, JSON), pictures (PNG, JPEG) or arrays, as the pipeline takes them; they can be dropped here, too</source>
        <translation>Zeilen (CSV, TSV, Parquet, Arrow, JSON), Bilder (PNG, JPEG) oder Felder, wie die Pipeline sie nimmt; man kann sie auch hierher ziehen</translation>
    </message>
    <message>
        <source>&amp;Save answers…</source>
        <translation>Antworten &amp;speichern…</translation>
    </message>
    <message>
        <source>All answers as a CSV file</source>
        <translation>Alle Antworten als CSV-Datei</translation>
    </message>
    <message>
        <source>&amp;Clear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>Empties all fields</source>
        <translation>Leert alle Felder</translation>
    </message>
    <message>
        <source>Type a row: it is answered as you type.</source>
        <translation>Gib eine Zeile ein: sie wird beim Tippen beantwortet.</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Als %1 gespeichert.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Arbeitet…</translation>
    </message>
    <message>
        <source>Train the pipeline first (F5), or choose a bundle file above. Then type a row or drop a file here to see what the pipeline answers.</source>
        <translation>Trainiere erst die Pipeline (F5) oder wähle oben eine Bündeldatei. Gib dann eine Zeile ein oder zieh eine Datei hierher, um zu sehen, was die Pipeline antwortet.</translation>
    </message>
    <message>
        <source>Reading the trained pipeline…</source>
        <translation>Die trainierte Pipeline wird gelesen…</translation>
    </message>
    <message>
        <source>Drop pictures (PNG, JPEG) or an IDX file here.
The pipeline takes %1.</source>
        <translation>Zieh Bilder (PNG, JPEG) oder eine IDX-Datei hierher.
Die Pipeline nimmt %1.</translation>
    </message>
    <message>
        <source>Drop a file here.
The pipeline takes %1.</source>
        <translation>Zieh eine Datei hierher.
Die Pipeline nimmt %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n rows answered.</source>
        <translation>
            <numerusform>%n Zeile beantwortet.</numerusform>
            <numerusform>%n Zeilen beantwortet.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no trained pipeline to ask.</source>
        <translation>Es gibt keine trainierte Pipeline, die man fragen könnte.</translation>
    </message>
    <message>
        <source>Files to be answered</source>
        <translation>Dateien, die beantwortet werden sollen</translation>
    </message>
    <message>
        <source>Save the answers</source>
        <translation>Die Antworten speichern</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
</context>
<context>
    <name>blockyard::ProblemList</name>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Solves the problem under the cursor</source>
        <translation>Löst das Problem unter dem Cursor</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>Dorthin gehen</translation>
    </message>
    <message>
        <source>Fix: %1</source>
        <translation>Beheben: %1</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>Text kopieren</translation>
    </message>
</context>
<context>
    <name>blockyard::ProblemNotes</name>
    <message>
        <source>line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>Fix: %1</source>
        <translation>Beheben: %1</translation>
    </message>
    <message>
        <source>Locate the file…</source>
        <translation>Datei suchen…</translation>
    </message>
    <message>
        <source>Allow reading it</source>
        <translation>Lesen erlauben</translation>
    </message>
</context>
<context>
    <name>blockyard::RowForm</name>
    <message>
        <source>A row to be answered</source>
        <translation>Eine Zeile, die beantwortet werden soll</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>A number, such as 39.1 or 2e-3; empty if it is missing</source>
        <translation>Eine Zahl wie 39.1 oder 2e-3; leer, wenn sie fehlt</translation>
    </message>
    <message>
        <source>A time, such as 2012-01-31 or 2012-01-31T08:30:00; empty if it is missing</source>
        <translation>Eine Zeit wie 2012-01-31 oder 2012-01-31T08:30:00; leer, wenn sie fehlt</translation>
    </message>
    <message>
        <source>One of the classes that were trained on; empty if it is missing</source>
        <translation>Eine der Klassen, mit denen trainiert wurde; leer, wenn sie fehlt</translation>
    </message>
    <message>
        <source>A text; empty if it is missing</source>
        <translation>Ein Text; leer, wenn er fehlt</translation>
    </message>
</context>
<context>
    <name>blockyard::RowList</name>
    <message>
        <source>Save as CS&amp;V…</source>
        <translation>Als CS&amp;V speichern…</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Rows with their answers</source>
        <translation>Zeilen mit ihren Antworten</translation>
    </message>
    <message>
        <source>All rows of this list, in the order shown</source>
        <translation>Alle Zeilen dieser Liste, in der gezeigten Reihenfolge</translation>
    </message>
    <message>
        <source>Save the rows</source>
        <translation>Zeilen speichern</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
</context>
<context>
    <name>blockyard::RowPictures</name>
    <message>
        <source>Pictures of the rows</source>
        <translation>Bilder der Zeilen</translation>
    </message>
</context>
<context>
    <name>blockyard::RowsModel</name>
    <message>
        <source>class</source>
        <translation>Klasse</translation>
    </message>
</context>
<context>
    <name>blockyard::RowsPage</name>
    <message>
        <source>First run</source>
        <translation>Erster Lauf</translation>
    </message>
    <message>
        <source>Second run</source>
        <translation>Zweiter Lauf</translation>
    </message>
    <message>
        <source>Rows that are asked about</source>
        <translation>Gefragte Zeilen</translation>
    </message>
    <message>
        <source>Rows that are shown</source>
        <translation>Gezeigte Zeilen</translation>
    </message>
    <message>
        <source>test rows</source>
        <translation>Testzeilen</translation>
    </message>
    <message>
        <source>validation rows</source>
        <translation>Validierungszeilen</translation>
    </message>
    <message>
        <source>all on which they disagree</source>
        <translation>alle, bei denen sie uneins sind</translation>
    </message>
    <message>
        <source>only the first is right</source>
        <translation>nur der erste hat recht</translation>
    </message>
    <message>
        <source>only the second is right</source>
        <translation>nur der zweite hat recht</translation>
    </message>
    <message>
        <source>both are wrong</source>
        <translation>beide haben unrecht</translation>
    </message>
    <message>
        <source>&amp;Find the rows</source>
        <translation>Zeilen &amp;finden</translation>
    </message>
    <message>
        <source>Find asks both trained pipelines about the same rows</source>
        <translation>Finden fragt beide trainierten Pipelines nach denselben Zeilen</translation>
    </message>
    <message>
        <source>Choose two runs to see where their answers differ</source>
        <translation>Zwei Läufe auswählen, um zu sehen, wo ihre Antworten abweichen</translation>
    </message>
    <message>
        <source>Asking both trained pipelines…</source>
        <translation>Beide trainierten Pipelines werden gefragt…</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Sto&amp;pp</translation>
    </message>
    <message numerus="yes">
        <source>They disagree on %1 of %2 rows</source>
        <translation>
            <numerusform>Sie sind bei %1 von %2 Zeile uneins</numerusform>
            <numerusform>Sie sind bei %1 von %2 Zeilen uneins</numerusform>
        </translation>
    </message>
    <message>
        <source>: the first is right on %1 of them, the second on %2</source>
        <translation>: Der erste hat bei %1 davon recht, der zweite bei %2</translation>
    </message>
    <message>
        <source>, the largest difference first</source>
        <translation>, der größte Unterschied zuerst</translation>
    </message>
    <message>
        <source>The second run was trained on %1 of these rows, since its split is another one: there it may know the answers by heart.</source>
        <translation>Der zweite Lauf wurde auf %1 dieser Zeilen trainiert, weil er sie anders aufteilt: Dort kennt er die Antworten vielleicht auswendig.</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Erster</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>Zweiter</translation>
    </message>
    <message>
        <source>first</source>
        <translation>erster</translation>
    </message>
    <message>
        <source>second</source>
        <translation>zweiter</translation>
    </message>
    <message>
        <source>Rows shown: %1</source>
        <translation>Gezeigte Zeilen: %1</translation>
    </message>
</context>
<context>
    <name>blockyard::RunsModel</name>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>gestoppt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>divergiert</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>Zweck</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>The baseline: the run that others are compared with</source>
        <translation>Die Baseline: der Lauf, mit dem andere verglichen werden</translation>
    </message>
    <message>
        <source>Branch of</source>
        <translation>Zweig von</translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation>%1, Schritt %2</translation>
    </message>
</context>
<context>
    <name>blockyard::RunsTable</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Runs of the project</source>
        <translation>Läufe des Projekts</translation>
    </message>
    <message>
        <source>Filter of the runs</source>
        <translation>Filter der Läufe</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>Copy as co&amp;mmand</source>
        <translation>Als &amp;Befehl kopieren</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>No runs yet: Train makes one</source>
        <translation>Noch keine Läufe: Trainieren macht einen</translation>
    </message>
    <message>
        <source>Copy &amp;id</source>
        <translation>&amp;Kennung kopieren</translation>
    </message>
    <message>
        <source>Filter: words that a run must contain; tag:good, -word</source>
        <translation>Filter: Wörter, die ein Lauf enthalten muss; tag:gut, -Wort</translation>
    </message>
    <message>
        <source>Runs that contain every word in some column. “tag:good” wants the tag “good”, “-word” leaves out the runs that contain the word.</source>
        <translation>Läufe, die jedes Wort in irgendeiner Spalte enthalten. „tag:gut“ verlangt das Schlagwort „gut“, „-Wort“ lässt die Läufe weg, die das Wort enthalten.</translation>
    </message>
    <message>
        <source>A&amp;rchived too</source>
        <translation>Auch a&amp;rchivierte</translation>
    </message>
    <message>
        <source>Shows archived runs, in italics</source>
        <translation>Zeigt archivierte Läufe, kursiv</translation>
    </message>
    <message>
        <source>&amp;Differences</source>
        <translation>&amp;Unterschiede</translation>
    </message>
    <message>
        <source>Scores with their difference to the pinned run: ▲ better, ▼ worse</source>
        <translation>Metriken mit ihrem Unterschied zum angehefteten Lauf: ▲ besser, ▼ schlechter</translation>
    </message>
    <message>
        <source>Shows the curves and answers of the run</source>
        <translation>Zeigt die Kurven und Antworten des Laufs</translation>
    </message>
    <message>
        <source>The selected runs side by side, with the pinned one</source>
        <translation>Die ausgewählten Läufe nebeneinander, mit dem angehefteten</translation>
    </message>
    <message>
        <source>The command line that repeats the run, with the same hash</source>
        <translation>Die Befehlszeile, die den Lauf wiederholt, mit demselben Hash</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Moves the selected runs to the trash</source>
        <translation>Legt die ausgewählten Läufe in den Papierkorb</translation>
    </message>
    <message>
        <source>Mor&amp;e</source>
        <translation>Me&amp;hr</translation>
    </message>
    <message>
        <source>&amp;Good</source>
        <translation>&amp;Gut</translation>
    </message>
    <message>
        <source>&amp;Columns</source>
        <translation>&amp;Spalten</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>Einstellungen, die sich unterscheiden</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Metriken</translation>
    </message>
    <message>
        <source>Run %1 has other tags or another note</source>
        <translation>Lauf %1 hat andere Schlagwörter oder eine andere Notiz</translation>
    </message>
    <message>
        <source>No run is pinned: select one and choose More, Pin as baseline</source>
        <translation>Kein Lauf ist angeheftet: einen auswählen, dann Mehr, Als Baseline anheften</translation>
    </message>
    <message>
        <source>Open the &amp;pipeline as it was</source>
        <translation>&amp;Pipeline öffnen, wie sie war</translation>
    </message>
    <message>
        <source>&amp;Unpin the baseline</source>
        <translation>Baseline &amp;lösen</translation>
    </message>
    <message>
        <source>Pin as &amp;baseline</source>
        <translation>Als &amp;Baseline anheften</translation>
    </message>
    <message>
        <source>&amp;Tags and note…</source>
        <translation>&amp;Schlagwörter und Notiz…</translation>
    </message>
    <message>
        <source>Take out of the &amp;archive</source>
        <translation>Aus dem &amp;Archiv holen</translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation>&amp;Archivieren</translation>
    </message>
    <message>
        <source>T&amp;rash (empty)</source>
        <translation>Papierko&amp;rb (leer)</translation>
    </message>
    <message>
        <source>T&amp;rash (%1)</source>
        <translation>Papierko&amp;rb (%1)</translation>
    </message>
    <message>
        <source>Bring back %1 %2</source>
        <translation>%1 %2 zurückholen</translation>
    </message>
    <message>
        <source>&amp;Delete all of them for good…</source>
        <translation>Alle endgültig &amp;löschen…</translation>
    </message>
    <message>
        <source>Empty the trash</source>
        <translation>Papierkorb leeren</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message numerus="yes">
        <source>%n runs have new tags</source>
        <translation>
            <numerusform>%n Lauf hat neue Schlagwörter</numerusform>
            <numerusform>%n Läufe haben neue Schlagwörter</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n runs for good? This cannot be undone.</source>
        <translation>
            <numerusform>%n Lauf endgültig löschen? Das lässt sich nicht rückgängig machen.</numerusform>
            <numerusform>%n Läufe endgültig löschen? Das lässt sich nicht rückgängig machen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Those of &amp;studies too</source>
        <translation>Auch die von &amp;Studien</translation>
    </message>
    <message>
        <source>Shows the trainings of studies, which have a panel of their own</source>
        <translation>Zeigt die Trainings von Studien, die ein eigenes Feld haben</translation>
    </message>
    <message>
        <source>All runs are archived or of studies</source>
        <translation>Alle Läufe sind archiviert oder gehören zu Studien</translation>
    </message>
    <message>
        <source>%1. No program is known here that opens it</source>
        <translation>%1. Kein Programm ist hier bekannt, das ihn öffnet</translation>
    </message>
    <message>
        <source>There is no run yet to report on</source>
        <translation>Es gibt noch keinen Lauf, über den zu berichten wäre</translation>
    </message>
    <message>
        <source>R&amp;eport…</source>
        <translation>B&amp;ericht…</translation>
    </message>
    <message>
        <source>No command is known that repeats %1: its record cannot be read by this version</source>
        <translation>Kein Befehl ist bekannt, der %1 wiederholt: diese Version kann seine Aufzeichnung nicht lesen</translation>
    </message>
    <message>
        <source>Run %1 is not there any more: its folder has been removed</source>
        <translation>Lauf %1 ist nicht mehr da: sein Ordner wurde entfernt</translation>
    </message>
    <message>
        <source>The record of run %1 cannot be read, so only its curves are shown: %2</source>
        <translation>Die Aufzeichnung von Lauf %1 lässt sich nicht lesen, nur seine Kurven werden gezeigt: %2</translation>
    </message>
</context>
<context>
    <name>blockyard::SampleView</name>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Statistics of each column</source>
        <translation>Statistik jeder Spalte</translation>
    </message>
    <message>
        <source>The first rows</source>
        <translation>Die ersten Zeilen</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message>
        <source>The selected cells, or all rows, with tabs between the values: for a table program (Ctrl+C)</source>
        <translation>Die ausgewählten Zellen oder alle Zeilen, mit Tabulatoren zwischen den Werten: für eine Tabellenkalkulation (Strg+C)</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>Als CSV kopieren</translation>
    </message>
    <message>
        <source>The selected cells, or all rows, with commas between the values</source>
        <translation>Die ausgewählten Zellen oder alle Zeilen, mit Kommas zwischen den Werten</translation>
    </message>
    <message>
        <source>Images with their classes</source>
        <translation>Bilder mit ihren Klassen</translation>
    </message>
    <message>
        <source>Size of the images</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Spalte</translation>
    </message>
    <message>
        <source>row </source>
        <translation>Zeile </translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>Which row of the sample is shown</source>
        <translation>Welche Zeile der Stichprobe gezeigt wird</translation>
    </message>
    <message>
        <source>The first %1 of %2 values in a row</source>
        <translation>Die ersten %1 von %2 Werten einer Zeile</translation>
    </message>
    <message>
        <source>The whole text of the cell</source>
        <translation>Der ganze Text der Zelle</translation>
    </message>
    <message>
        <source>The whole text of the cell; Escape closes it</source>
        <translation>Der ganze Text der Zelle; Escape schließt ihn</translation>
    </message>
    <message>
        <source>Enter or a double click shows the whole text of a cell</source>
        <translation>Eingabetaste oder Doppelklick zeigt den ganzen Text einer Zelle</translation>
    </message>
</context>
<context>
    <name>blockyard::ShortcutTable</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Choose a shortcut on the right; empty is none.</source>
        <translation>Rechts ein Tastenkürzel wählen; leer heißt keines.</translation>
    </message>
    <message>
        <source>%1 is the shortcut of “%2” already.</source>
        <translation>%1 ist schon das Tastenkürzel von „%2“.</translation>
    </message>
</context>
<context>
    <name>blockyard::StartPage</name>
    <message>
        <source>Sample projects</source>
        <translation>Beispielprojekte</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt benutzte Projekte</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen…</translation>
    </message>
    <message>
        <source>The sample projects are not installed.</source>
        <translation>Die Beispielprojekte sind nicht installiert.</translation>
    </message>
    <message>
        <source>Projects that you open or save appear here.</source>
        <translation>Projekte, die du öffnest oder speicherst, erscheinen hier.</translation>
    </message>
    <message>
        <source>Or drop a project, a table (CSV, Parquet, Arrow) or a folder of pictures here.</source>
        <translation>Oder ein Projekt, eine Tabelle (CSV, Parquet, Arrow) oder einen Ordner mit Bildern hierher ziehen.</translation>
    </message>
</context>
<context>
    <name>blockyard::StatisticsModel</name>
    <message>
        <source>%1, %2 infinite</source>
        <translation>%1, %2 unendlich</translation>
    </message>
    <message>
        <source>mean length %1, longest %2</source>
        <translation>mittlere Länge %1, längster %2</translation>
    </message>
    <message>
        <source>Enter or a double click shows it large</source>
        <translation>Eingabetaste oder Doppelklick zeigt sie groß</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Spalte</translation>
    </message>
    <message>
        <source>Name of the column or feature</source>
        <translation>Name der Spalte oder des Merkmals</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>What its values are</source>
        <translation>Was ihre Werte sind</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>Rows without a value</source>
        <translation>Zeilen ohne Wert</translation>
    </message>
    <message>
        <source>Distinct</source>
        <translation>Verschieden</translation>
    </message>
    <message>
        <source>Different values</source>
        <translation>Verschiedene Werte</translation>
    </message>
    <message>
        <source>Min</source>
        <translation>Min</translation>
    </message>
    <message>
        <source>Smallest value</source>
        <translation>Kleinster Wert</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Mean of the values that are there</source>
        <translation>Mittel der vorhandenen Werte</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Standard deviation of the sample, divided by n - 1</source>
        <translation>Standardabweichung der Stichprobe, geteilt durch n - 1</translation>
    </message>
    <message>
        <source>Max</source>
        <translation>Max</translation>
    </message>
    <message>
        <source>Largest value</source>
        <translation>Größter Wert</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation>Verteilung</translation>
    </message>
    <message>
        <source>Numbers: how many lie in each of 20 equal bins from the smallest to the largest. Classes: the most frequent ones</source>
        <translation>Zahlen: wie viele in jeder von 20 gleichen Klassen vom kleinsten bis zum größten Wert liegen. Klassen: die häufigsten</translation>
    </message>
    <message>
        <source>With target</source>
        <translation>Mit Ziel</translation>
    </message>
    <message>
        <source>How strongly it goes along with the target: Pearson&apos;s correlation, the correlation ratio eta, or Cramer&apos;s V</source>
        <translation>Wie stark sie mit dem Ziel zusammenhängt: Korrelation nach Pearson, Korrelationsverhältnis Eta oder Cramérs V</translation>
    </message>
</context>
<context>
    <name>blockyard::StudyDialog</name>
    <message>
        <source>New study</source>
        <translation>Neue Studie</translation>
    </message>
    <message>
        <source>A study trains the pipeline as it is now many times, varies one thing or several, and tells what matters and what is chance.</source>
        <translation>Eine Studie trainiert die Pipeline, wie sie jetzt ist, viele Male, variiert eines oder mehreres und sagt, worauf es ankommt und was Zufall ist.</translation>
    </message>
    <message>
        <source>&amp;Start the study</source>
        <translation>Studie &amp;starten</translation>
    </message>
    <message>
        <source>Every combination of values (grid)</source>
        <translation>Jede Kombination von Werten (Raster)</translation>
    </message>
    <message>
        <source>Values drawn at random (random search)</source>
        <translation>Zufällig gezogene Werte (Random Search)</translation>
    </message>
    <message>
        <source>Values where those before did well (TPE)</source>
        <translation>Werte, wo frühere gut waren (TPE)</translation>
    </message>
    <message>
        <source>Blocks left out in turn (ablation)</source>
        <translation>Blöcke der Reihe nach weglassen (Ablation)</translation>
    </message>
    <message>
        <source>&amp;Question</source>
        <translation>&amp;Frage</translation>
    </message>
    <message>
        <source>&amp;Vary</source>
        <translation>&amp;Variieren</translation>
    </message>
    <message>
        <source>How many combinations are drawn</source>
        <translation>Wie viele Kombinationen gezogen werden</translation>
    </message>
    <message>
        <source>Every trial is trained with so many seeds, so that chance can be told from effect</source>
        <translation>Jeder Versuch wird mit so vielen Seeds trainiert, damit sich Zufall von Wirkung unterscheiden lässt</translation>
    </message>
    <message>
        <source>Cross-validation: every trial is trained once for each part of the rows</source>
        <translation>Kreuzvalidierung: Jeder Versuch wird für jeden Teil der Zeilen einmal trainiert</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Successive halving: all begin with one epoch, and the best 1/N of them go on to N times as many</source>
        <translation>Successive Halving: Alle beginnen mit einer Epoche, und das beste 1/N von ihnen trainiert N-mal so viele</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Trainings side by side, each in a process of its own</source>
        <translation>Trainings nebeneinander, jedes in einem eigenen Prozess</translation>
    </message>
    <message>
        <source>as many as cores and memory allow</source>
        <translation>so viele, wie Kerne und Speicher erlauben</translation>
    </message>
    <message>
        <source>what the training monitors</source>
        <translation>was das Training beobachtet</translation>
    </message>
    <message>
        <source>made from what is varied</source>
        <translation>aus dem gebildet, was variiert wird</translation>
    </message>
    <message>
        <source>one line that says why</source>
        <translation>eine Zeile, die sagt, warum</translation>
    </message>
    <message>
        <source>T&amp;rials</source>
        <translation>Ve&amp;rsuche</translation>
    </message>
    <message>
        <source>S&amp;eeds</source>
        <translation>S&amp;eeds</translation>
    </message>
    <message>
        <source>&amp;Folds</source>
        <translation>&amp;Teile</translation>
    </message>
    <message>
        <source>&amp;Halving</source>
        <translation>&amp;Halbieren</translation>
    </message>
    <message>
        <source>&amp;Judged by</source>
        <translation>&amp;Beurteilt nach</translation>
    </message>
    <message>
        <source>At &amp;once</source>
        <translation>&amp;Gleichzeitig</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Purpose</source>
        <translation>&amp;Zweck</translation>
    </message>
    <message>
        <source>Parameters that are varied</source>
        <translation>Parameter, die variiert werden</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>16, 32, 64 are values; 1e-4..1e-1:log and 16..256:step 16 are ranges; where values hold commas, | stands between them.</source>
        <translation>16, 32, 64 sind Werte; 1e-4..1e-1:log und 16..256:step 16 sind Bereiche; wo Werte Kommas enthalten, steht | zwischen ihnen.</translation>
    </message>
    <message>
        <source>Blocks that are left out</source>
        <translation>Blöcke, die weggelassen werden</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Was er ist</translation>
    </message>
    <message>
        <source>Left out by</source>
        <translation>Weggelassen durch</translation>
    </message>
    <message>
        <source>How %1 is left out</source>
        <translation>Wie %1 weggelassen wird</translation>
    </message>
    <message>
        <source>Tick at least one block to leave out.</source>
        <translation>Kreuzen Sie mindestens einen Block an, der weggelassen wird.</translation>
    </message>
    <message>
        <source>%1 trials, %2 trainings</source>
        <translation>%1 Versuche, %2 Trainings</translation>
    </message>
    <message>
        <source>. With a single seed, chance cannot be told from effect.</source>
        <translation>. Mit einem einzigen Seed lässt sich Zufall nicht von Wirkung unterscheiden.</translation>
    </message>
</context>
<context>
    <name>blockyard::StudyLink</name>
    <message>
        <source>The study&apos;s process has ended unexpectedly; go on with it.</source>
        <translation>Der Prozess der Studie ist unerwartet zu Ende gegangen; setzen Sie sie fort.</translation>
    </message>
    <message>
        <source>Cannot start %1: %2</source>
        <translation>%1 lässt sich nicht starten: %2</translation>
    </message>
</context>
<context>
    <name>blockyard::StudyPanel</name>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Trainings that are done</source>
        <translation>Fertige Trainings</translation>
    </message>
    <message>
        <source>&amp;New study…</source>
        <translation>&amp;Neue Studie…</translation>
    </message>
    <message>
        <source>Train the pipeline many times and vary something</source>
        <translation>Die Pipeline viele Male trainieren und etwas variieren</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Train what the study still lacks</source>
        <translation>Trainieren, was der Studie noch fehlt</translation>
    </message>
    <message>
        <source>&amp;Use these settings</source>
        <translation>Diese Einstellungen &amp;übernehmen</translation>
    </message>
    <message>
        <source>Put the settings of the selected trial into the pipeline</source>
        <translation>Die Einstellungen des gewählten Versuchs in die Pipeline übernehmen</translation>
    </message>
    <message>
        <source>&amp;Compare its runs</source>
        <translation>Seine Läufe &amp;vergleichen</translation>
    </message>
    <message>
        <source>Curves and scores of the trainings of the selected trials</source>
        <translation>Kurven und Werte der Trainings der gewählten Versuche</translation>
    </message>
    <message>
        <source>Trials, the best first</source>
        <translation>Versuche, der beste zuerst</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>Worauf es ankommt</translation>
    </message>
    <message>
        <source>The project is not saved yet. Save it: studies are kept in its folder.</source>
        <translation>Das Projekt ist noch nicht gespeichert. Speichern Sie es: Studien liegen in seinem Ordner.</translation>
    </message>
    <message>
        <source>A study is being trained. Stop it, or wait for its end.</source>
        <translation>Eine Studie wird gerade trainiert. Halten Sie sie an oder warten Sie ihr Ende ab.</translation>
    </message>
    <message>
        <source>What matters: share of the differences</source>
        <translation>Worauf es ankommt: Anteil an den Unterschieden</translation>
    </message>
    <message>
        <source>A study trains the pipeline many times, varies something, and tells what matters and what is chance.</source>
        <translation>Eine Studie trainiert die Pipeline viele Male, variiert etwas und sagt, worauf es ankommt und was Zufall ist.</translation>
    </message>
    <message>
        <source>%1 of %2 trainings</source>
        <translation>%1 von %2 Trainings</translation>
    </message>
    <message>
        <source>, %1 failed</source>
        <translation>, %1 gescheitert</translation>
    </message>
    <message>
        <source>, the best: %1</source>
        <translation>, der beste: %1</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>using the settings of trial %1</source>
        <translation>Einstellungen von Versuch %1 übernehmen</translation>
    </message>
</context>
<context>
    <name>blockyard::Sweep</name>
    <message>
        <source>a training is running</source>
        <translation>ein Training läuft</translation>
    </message>
    <message>
        <source>stop it, or wait</source>
        <translation>stoppen Sie es, oder warten Sie</translation>
    </message>
    <message>
        <source>the project is not saved yet</source>
        <translation>das Projekt ist noch nicht gespeichert</translation>
    </message>
    <message>
        <source>save it: runs are kept in its folder</source>
        <translation>speichern Sie es: Läufe liegen in seinem Ordner</translation>
    </message>
    <message>
        <source>Run %1 of %2: %3</source>
        <translation>Lauf %1 von %2: %3</translation>
    </message>
</context>
<context>
    <name>blockyard::SweepDialog</name>
    <message>
        <source>Sweep %1</source>
        <translation>Werte für %1 probieren</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Values separated by semicolons</source>
        <translation>Werte, durch Semikolon getrennt</translation>
    </message>
    <message>
        <source>Values separated by commas</source>
        <translation>Werte, durch Komma getrennt</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>Wie viele</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>evenly</source>
        <translation>gleichmäßig</translation>
    </message>
    <message>
        <source>by equal factors</source>
        <translation>in gleichen Faktoren</translation>
    </message>
    <message>
        <source>&amp;Fill in</source>
        <translation>&amp;Eintragen</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>in</source>
        <translation>in</translation>
    </message>
    <message>
        <source>Expected two numbers above 0 to go from and to.</source>
        <translation>Erwartet werden zwei Zahlen über 0, von und bis.</translation>
    </message>
    <message>
        <source>Expected two numbers to go from and to.</source>
        <translation>Erwartet werden zwei Zahlen, von und bis.</translation>
    </message>
    <message>
        <source>Expected at least one value.</source>
        <translation>Erwartet wird mindestens ein Wert.</translation>
    </message>
    <message>
        <source>Expected at most %1 values, got %2.</source>
        <translation>Erwartet werden höchstens %1 Werte, es sind %2.</translation>
    </message>
    <message>
        <source>Trains one run for each of these values of %1, one after the other, with everything else as it is now. Then the runs are compared.</source>
        <translation>Trainiert für jeden dieser Werte von %1 einen Lauf, einen nach dem anderen, alles Übrige bleibt, wie es jetzt ist. Danach werden die Läufe verglichen.</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Train %n runs</source>
        <translation>
            <numerusform>%n Lauf &amp;trainieren</numerusform>
            <numerusform>%n Läufe &amp;trainieren</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::TrainedBox</name>
    <message>
        <source>Trained pipeline</source>
        <translation>Trainierte Pipeline</translation>
    </message>
    <message>
        <source>Latest: %1</source>
        <translation>Neuester: %1</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
    <message>
        <source>A bundle file…</source>
        <translation>Eine Bündeldatei…</translation>
    </message>
    <message>
        <source>A trained pipeline</source>
        <translation>Eine trainierte Pipeline</translation>
    </message>
    <message>
        <source>Bundles (*.safetensors)</source>
        <translation>Bündel (*.safetensors)</translation>
    </message>
</context>
<context>
    <name>blockyard::TrainingPanel</name>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Purpose of this run, in one line</source>
        <translation>Zweck dieses Laufs, in einer Zeile</translation>
    </message>
    <message>
        <source>Purpose of this run</source>
        <translation>Zweck dieses Laufs</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>&amp;Trainieren</translation>
    </message>
    <message>
        <source>Trains the pipeline as it is now, as a new run</source>
        <translation>Trainiert die Pipeline, wie sie jetzt ist, als neuen Lauf</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Waits after the batch that is being computed</source>
        <translation>Wartet nach dem Batch, der gerade gerechnet wird</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Stopp</translation>
    </message>
    <message>
        <source>Ends after this batch, with a checkpoint to go on from</source>
        <translation>Endet nach diesem Batch, mit einem Checkpoint zum Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Dry run</source>
        <translation>Probe&amp;lauf</translation>
    </message>
    <message>
        <source>One batch of everything, to see that it works; nothing is kept</source>
        <translation>Ein Batch von allem, um zu sehen, dass es geht; nichts wird behalten</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Learning Rate</translation>
    </message>
    <message>
        <source>Rows per second</source>
        <translation>Zeilen je Sekunde</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Verbleibend</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Rate × 0.5</source>
        <translation>Rate × 0,5</translation>
    </message>
    <message>
        <source>Halves the learning rate from the next step on</source>
        <translation>Halbiert die Learning Rate vom nächsten Schritt an</translation>
    </message>
    <message>
        <source>Rate × 2</source>
        <translation>Rate × 2</translation>
    </message>
    <message>
        <source>Doubles the learning rate from the next step on</source>
        <translation>Verdoppelt die Learning Rate vom nächsten Schritt an</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>the project is not saved yet</source>
        <translation>das Projekt ist noch nicht gespeichert</translation>
    </message>
    <message>
        <source>save it: runs are kept in its folder</source>
        <translation>speichern Sie es: Läufe liegen in seinem Ordner</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation>Fehler: %1</translation>
    </message>
    <message>
        <source>Not trained</source>
        <translation>Nicht trainiert</translation>
    </message>
    <message>
        <source>Cannot train: %1</source>
        <translation>Training nicht möglich: %1</translation>
    </message>
    <message>
        <source> (%1 errors in all)</source>
        <translation> (insgesamt %1 Fehler)</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Paused at %p %</source>
        <translation>Pause bei %p %</translation>
    </message>
    <message>
        <source>Stopping after this batch</source>
        <translation>Endet nach diesem Batch</translation>
    </message>
    <message>
        <source>%1 cores</source>
        <translation>%1 Kerne</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht begonnen</translation>
    </message>
    <message>
        <source>%1 parameters; %2 rows to train on, %3 to validate, %4 to test</source>
        <translation>%1 Parameter; %2 Zeilen zum Trainieren, %3 zum Validieren, %4 zum Testen</translation>
    </message>
    <message>
        <source>Epoch %1 of %2, step %3 of %4</source>
        <translation>Epoche %1 von %2, Schritt %3 von %4</translation>
    </message>
    <message>
        <source>Dry run done</source>
        <translation>Probelauf fertig</translation>
    </message>
    <message>
        <source>Dry run: one batch went all the way, and nothing was kept</source>
        <translation>Probelauf: Ein Batch ist den ganzen Weg gegangen, und nichts wurde behalten</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Stopped at %p %</source>
        <translation>Gestoppt bei %p %</translation>
    </message>
    <message>
        <source>Run %1: %2 after %3, %4</source>
        <translation>Lauf %1: %2 nach %3, %4</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>gestoppt</translation>
    </message>
    <message numerus="yes">
        <source>%1 epochs</source>
        <translation>
            <numerusform>%1 Epoche</numerusform>
            <numerusform>%1 Epochen</numerusform>
        </translation>
    </message>
    <message>
        <source>Re&amp;quired</source>
        <translation>&amp;Pflicht</translation>
    </message>
    <message>
        <source>Every run of this project has to say in one line what it is for. Kept with the project</source>
        <translation>Jeder Lauf dieses Projekts muss in einer Zeile sagen, wofür er ist. Wird im Projekt gespeichert</translation>
    </message>
    <message>
        <source>Require a purpose of runs</source>
        <translation>Zweck für Läufe verlangen</translation>
    </message>
    <message>
        <source>Require no purpose of runs</source>
        <translation>Keinen Zweck für Läufe verlangen</translation>
    </message>
    <message>
        <source>Say in one line what this run is for, then press Enter: this project wants to know it of every run</source>
        <translation>In einer Zeile sagen, wofür dieser Lauf ist, dann Enter: dieses Projekt will es von jedem Lauf wissen</translation>
    </message>
    <message>
        <source>Purpose of this run, in one line (required)</source>
        <translation>Zweck dieses Laufs, in einer Zeile (Pflicht)</translation>
    </message>
</context>
<context>
    <name>blockyard::TrialsModel</name>
    <message>
        <source>is being trained</source>
        <translation>wird gerade trainiert</translation>
    </message>
    <message>
        <source>Its difference to the best trial may be chance (95 %).</source>
        <translation>Sein Unterschied zum besten Versuch kann Zufall sein (95 %).</translation>
    </message>
    <message numerus="yes">
        <source>stopped after %n epochs</source>
        <translation>
            <numerusform>nach %n Epoche angehalten</numerusform>
            <numerusform>nach %n Epochen angehalten</numerusform>
        </translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>Mean over the seeds and folds, ± standard deviation. Green: the best, and those that cannot be told apart from it.</source>
        <translation>Mittel über Seeds und Teile, ± Standardabweichung. Grün: der beste und die, die sich von ihm nicht unterscheiden lassen.</translation>
    </message>
    <message>
        <source>Trial</source>
        <translation>Versuch</translation>
    </message>
    <message>
        <source>validation %1</source>
        <translation>%1 Validierung</translation>
    </message>
    <message>
        <source>test %1</source>
        <translation>%1 Test</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What is left out</source>
        <translation>Was weggelassen wird</translation>
    </message>
</context>
<context>
    <name>blockyard::WeightView</name>
    <message>
        <source>Distribution of the weights</source>
        <translation>Verteilung der Gewichte</translation>
    </message>
    <message>
        <source>&amp;Parameter</source>
        <translation>&amp;Parameter</translation>
    </message>
    <message>
        <source>Parameter that is shown</source>
        <translation>Gezeigter Parameter</translation>
    </message>
    <message>
        <source>Show &amp;as</source>
        <translation>Zeigen &amp;als</translation>
    </message>
    <message>
        <source>Show as</source>
        <translation>Zeigen als</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Ridges</source>
        <translation>Hügel</translation>
    </message>
    <message>
        <source>No histograms yet. While a pipeline trains they are taken at the end of epochs.</source>
        <translation>Noch keine Histogramme. Während eine Pipeline trainiert, entstehen sie am Ende von Epochen.</translation>
    </message>
    <message>
        <source>Values of %1</source>
        <translation>Werte von %1</translation>
    </message>
    <message>
        <source>Gradients of %1</source>
        <translation>Gradienten von %1</translation>
    </message>
</context>
</TS>
