<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ClusterRow</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message numerus="yes">
        <source>Compare %n photo(s)</source>
        <translation>
            <numerusform>Compare %n photo</numerusform>
            <numerusform>Compare %n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CopyDialog</name>
    <message numerus="yes">
        <source>%n file(s) could not be copied.</source>
        <translation>
            <numerusform>%n file could not be copied.</numerusform>
            <numerusform>%n files could not be copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %n file(s).</source>
        <translation>
            <numerusform>Copied %n file.</numerusform>
            <numerusform>Copied %n files.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message numerus="yes">
        <source>%n photo(s) chosen</source>
        <translation>
            <numerusform>%n photo chosen</numerusform>
            <numerusform>%n photos chosen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DuplicatesView</name>
    <message numerus="yes">
        <source>Move %n file(s) to trash…</source>
        <translation>
            <numerusform>Move %n file to trash…</numerusform>
            <numerusform>Move %n files to trash…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) marked for the trash</source>
        <translation>
            <numerusform>%n file marked for the trash</numerusform>
            <numerusform>%n files marked for the trash</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{kind}: in {decided} of %n group(s) a photo is proposed to stay.</source>
        <translation>
            <numerusform>{kind}: in {decided} of %n group a photo is proposed to stay.</numerusform>
            <numerusform>{kind}: in {decided} of %n groups a photo is proposed to stay.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) moved to the trash.</source>
        <translation>
            <numerusform>%n file moved to the trash.</numerusform>
            <numerusform>%n files moved to the trash.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) stayed where they are.</source>
        <translation>
            <numerusform>%n file stayed where it is.</numerusform>
            <numerusform>%n files stayed where they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) put back.</source>
        <translation>
            <numerusform>%n file put back.</numerusform>
            <numerusform>%n files put back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be put back.</source>
        <translation>
            <numerusform>%n file could not be put back.</numerusform>
            <numerusform>%n files could not be put back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message numerus="yes">
        <source>%n file(s) stayed where they are.</source>
        <translation>
            <numerusform>%n file stayed where it is.</numerusform>
            <numerusform>%n files stayed where they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderCheckDialog</name>
    <message numerus="yes">
        <source>%n file(s) compared.</source>
        <translation>
            <numerusform>%n file compared.</numerusform>
            <numerusform>%n files compared.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped. %n file(s) compared.</source>
        <translation>
            <numerusform>Stopped. %n file compared.</numerusform>
            <numerusform>Stopped. %n files compared.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>IndexPage</name>
    <message numerus="yes">
        <source>%Ln photo(s) were not read yet, or could not be read again.</source>
        <translation>
            <numerusform>%Ln photo was not read yet, or could not be read again.</numerusform>
            <numerusform>%Ln photos were not read yet, or could not be read again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The last run took in %Ln photo(s).</source>
        <translation>
            <numerusform>The last run took in %Ln photo.</numerusform>
            <numerusform>The last run took in %Ln photos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) checked.</source>
        <translation>
            <numerusform>%Ln photo checked.</numerusform>
            <numerusform>%Ln photos checked.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more.</source>
        <translation>
            <numerusform>… and %n more.</numerusform>
            <numerusform>… and %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OfflineCard</name>
    <message numerus="yes">
        <source>Its %Ln photo(s) stay searchable.</source>
        <translation>
            <numerusform>Its %Ln photo stays searchable.</numerusform>
            <numerusform>Its %Ln photos stay searchable.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoActions</name>
    <message numerus="yes">
        <source>Copied %n photo(s).</source>
        <translation>
            <numerusform>Copied %n photo.</numerusform>
            <numerusform>Copied %n photos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %n path(s).</source>
        <translation>
            <numerusform>Copied %n path.</numerusform>
            <numerusform>Copied %n paths.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %n file(s) to “{folder}”.</source>
        <translation>
            <numerusform>Copied %n file to “{folder}”.</numerusform>
            <numerusform>Copied %n files to “{folder}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) left out: their folder is not connected.</source>
        <translation>
            <numerusform>%n photo left out: its folder is not connected.</numerusform>
            <numerusform>%n photos left out: their folder is not connected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n photo(s) to the trash?</source>
        <translation>
            <numerusform>Move %n photo to the trash?</numerusform>
            <numerusform>Move %n photos to the trash?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) stayed where they were.</source>
        <translation>
            <numerusform>%n photo stayed where it was.</numerusform>
            <numerusform>%n photos stayed where they were.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Moved %n photo(s) to the trash.</source>
        <translation>
            <numerusform>Moved %n photo to the trash.</numerusform>
            <numerusform>Moved %n photos to the trash.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Undo moving %n photo(s) to the trash</source>
        <translation>
            <numerusform>Undo moving %n photo to the trash</numerusform>
            <numerusform>Undo moving %n photos to the trash</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be put back.</source>
        <translation>
            <numerusform>%n photo could not be put back.</numerusform>
            <numerusform>%n photos could not be put back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %n photo(s) back.</source>
        <translation>
            <numerusform>Put %n photo back.</numerusform>
            <numerusform>Put %n photos back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoCard</name>
    <message numerus="yes">
        <source>%n more name(s)</source>
        <translation>
            <numerusform>%n more name</numerusform>
            <numerusform>%n more names</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoDecisions</name>
    <message numerus="yes">
        <source>Added %n photo(s) to “{name}”.</source>
        <translation>
            <numerusform>Added %n photo to “{name}”.</numerusform>
            <numerusform>Added %n photos to “{name}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Took %n photo(s) out of “{name}”.</source>
        <translation>
            <numerusform>Took %n photo out of “{name}”.</numerusform>
            <numerusform>Took %n photos out of “{name}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Wrote %n XMP file(s).</source>
        <translation>
            <numerusform>Wrote %n XMP file.</numerusform>
            <numerusform>Wrote %n XMP files.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were up to date.</source>
        <translation>
            <numerusform>%n was up to date.</numerusform>
            <numerusform>%n were up to date.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be written: {name}: {reason}</source>
        <translation>
            <numerusform>%n could not be written: {name}: {reason}</numerusform>
            <numerusform>%n could not be written: {name}: {reason}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoModel</name>
    <message numerus="yes">
        <source>%n star(s)</source>
        <translation>
            <numerusform>%n star</numerusform>
            <numerusform>%n stars</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n copies of this file</source>
        <translation>
            <numerusform>%n copy of this file</numerusform>
            <numerusform>%n copies of this file</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlanDialog</name>
    <message numerus="yes">
        <source>Move %n file(s) to the trash?</source>
        <translation>
            <numerusform>Move %n file to the trash?</numerusform>
            <numerusform>Move %n files to the trash?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n file(s) to trash</source>
        <translation>
            <numerusform>Move %n file to trash</numerusform>
            <numerusform>Move %n files to trash</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n group(s); at least one photo of each stays.</source>
        <translation>
            <numerusform>%n group; at least one photo of it stays.</numerusform>
            <numerusform>%n groups; at least one photo of each stays.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message numerus="yes">
        <source>%n file(s) could not be taken in</source>
        <translation>
            <numerusform>%n file could not be taken in</numerusform>
            <numerusform>%n files could not be taken in</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message numerus="yes">
        <source>%n photo(s) checked.</source>
        <translation>
            <numerusform>%n photo checked.</numerusform>
            <numerusform>%n photos checked.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShownAnswer</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StarsEditor</name>
    <message numerus="yes">
        <source>%n star(s)</source>
        <translation>
            <numerusform>%n star</numerusform>
            <numerusform>%n stars</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%n folder(s) do not answer</source>
        <translation>
            <numerusform>%n folder does not answer</numerusform>
            <numerusform>%n folders do not answer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Read %Ln photo(s)</source>
        <translation>
            <numerusform>Read %Ln photo</numerusform>
            <numerusform>Read %Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln could not be read</source>
        <translation>
            <numerusform>%Ln could not be read</numerusform>
            <numerusform>%Ln could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>stopped before %Ln more</source>
        <translation>
            <numerusform>stopped before %Ln more</numerusform>
            <numerusform>stopped before %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) left</source>
        <translation>
            <numerusform>%n minute left</numerusform>
            <numerusform>%n minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s) left</source>
        <translation>
            <numerusform>%n hour left</numerusform>
            <numerusform>%n hours left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagActions</name>
    <message numerus="yes">
        <source>Take the tag “{tag}” off %n photo(s)?</source>
        <translation>
            <numerusform>Take the tag “{tag}” off %n photo?</numerusform>
            <numerusform>Take the tag “{tag}” off %n photos?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) have the tag “{tag}” now.</source>
        <translation>
            <numerusform>%n photo has the tag “{tag}” now.</numerusform>
            <numerusform>%n photos have the tag “{tag}” now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagNameDialog</name>
    <message numerus="yes">
        <source>“{name}” is on %n photo(s) already. Both become one tag; this cannot be undone.</source>
        <translation>
            <numerusform>“{name}” is on %n photo already. Both become one tag; this cannot be undone.</numerusform>
            <numerusform>“{name}” is on %n photos already. Both become one tag; this cannot be undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagsPage</name>
    <message numerus="yes">
        <source>%Ln tag(s)</source>
        <translation>
            <numerusform>%Ln tag</numerusform>
            <numerusform>%Ln tags</numerusform>
        </translation>
    </message>
</context>
</TS>
