<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>blockyard::AnswerBars</name>
    <message numerus="yes">
        <source>%n more classes: %1</source>
        <translation>
            <numerusform>%n more class: %1</numerusform>
            <numerusform>%n more classes: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::CanvasScene</name>
    <message numerus="yes">
        <source>%1 parameters</source>
        <translation>
            <numerusform>%1 parameter</numerusform>
            <numerusform>%1 parameters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 rows</source>
        <translation>
            <numerusform>%1 row</numerusform>
            <numerusform>%1 rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::ConfusionModel</name>
    <message numerus="yes">
        <source>%1 answered as %2: %3 rows, %4 of this class</source>
        <translation>
            <numerusform>%1 answered as %2: %3 row, %4 of this class</numerusform>
            <numerusform>%1 answered as %2: %3 rows, %4 of this class</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::GraphsPage</name>
    <message numerus="yes">
        <source>%n blocks</source>
        <translation>
            <numerusform>%n block</numerusform>
            <numerusform>%n blocks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wires</source>
        <translation>
            <numerusform>%n wire</numerusform>
            <numerusform>%n wires</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n training settings</source>
        <translation>
            <numerusform>%n training setting</numerusform>
            <numerusform>%n training settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::HistogramView</name>
    <message numerus="yes">
        <source>%1: %2 of %3 values, %4 %</source>
        <translation>
            <numerusform>%1: %2 of %3 value, %4 %</numerusform>
            <numerusform>%1: %2 of %3 values, %4 %</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::InspectDialog</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::Inspector</name>
    <message numerus="yes">
        <source>%n blocks are selected</source>
        <translation>
            <numerusform>%n block is selected</numerusform>
            <numerusform>%n blocks are selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::MainWindow</name>
    <message numerus="yes">
        <source>A new project that predicts “%1” from the other %n columns. The block “table” names another target.</source>
        <translation>
            <numerusform>A new project that predicts “%1” from the other column (%n in all). The block “table” names another target.</numerusform>
            <numerusform>A new project that predicts “%1” from the other %n columns. The block “table” names another target.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Opened %1, the first of %n files: one project or table is open at a time.</source>
        <translation>
            <numerusform>Opened %1 (%n file): one project or table is open at a time.</numerusform>
            <numerusform>Opened %1, the first of %n files: one project or table is open at a time.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A new project that learns %n classes, one for each folder of pictures.</source>
        <translation>
            <numerusform>A new project that learns %n class, one for each folder of pictures.</numerusform>
            <numerusform>A new project that learns %n classes, one for each folder of pictures.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A new project that learns %n classes, one for each folder of sounds.</source>
        <translation>
            <numerusform>A new project that learns %n class, one for each folder of sounds.</numerusform>
            <numerusform>A new project that learns %n classes, one for each folder of sounds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::NotesDialog</name>
    <message numerus="yes">
        <source>Tags for %n runs</source>
        <translation>
            <numerusform>Tags for %n run</numerusform>
            <numerusform>Tags for %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::ParallelPlot</name>
    <message numerus="yes">
        <source>The best of %n trials: %1</source>
        <translation>
            <numerusform>The best of %n trial: %1</numerusform>
            <numerusform>The best of %n trials: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::PeekPanel</name>
    <message numerus="yes">
        <source>all %1 rows</source>
        <translation>
            <numerusform>the only row (%1)</numerusform>
            <numerusform>all %1 rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the first %1 rows</source>
        <translation>
            <numerusform>the first row (%1)</numerusform>
            <numerusform>the first %1 rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::PredictPanel</name>
    <message numerus="yes">
        <source>%n rows answered.</source>
        <translation>
            <numerusform>%n row answered.</numerusform>
            <numerusform>%n rows answered.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::RowsPage</name>
    <message numerus="yes">
        <source>They disagree on %1 of %2 rows</source>
        <translation>
            <numerusform>They disagree on %1 of %2 row</numerusform>
            <numerusform>They disagree on %1 of %2 rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::RunsTable</name>
    <message numerus="yes">
        <source>%n runs have new tags</source>
        <translation>
            <numerusform>%n run has new tags</numerusform>
            <numerusform>%n runs have new tags</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n runs for good? This cannot be undone.</source>
        <translation>
            <numerusform>Delete %n run for good? This cannot be undone.</numerusform>
            <numerusform>Delete %n runs for good? This cannot be undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::SweepDialog</name>
    <message numerus="yes">
        <source>&amp;Train %n runs</source>
        <translation>
            <numerusform>&amp;Train %n run</numerusform>
            <numerusform>&amp;Train %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::TrainingPanel</name>
    <message numerus="yes">
        <source>%1 epochs</source>
        <translation>
            <numerusform>%1 epoch</numerusform>
            <numerusform>%1 epochs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>blockyard::TrialsModel</name>
    <message numerus="yes">
        <source>stopped after %n epochs</source>
        <translation>
            <numerusform>stopped after %n epoch</numerusform>
            <numerusform>stopped after %n epochs</numerusform>
        </translation>
    </message>
</context>
</TS>
