<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AddPanel</name>
    <message>
        <source>Add a network</source>
        <translation>添加网络</translation>
    </message>
    <message>
        <source>Any network that turns a picture into numbers, as an ONNX file. PhotoFind copies it, or says why it cannot use it. Add only files from people you trust.</source>
        <translation>任何能把图片变成数字的网络，格式为 ONNX 文件。PhotoFind 会复制它，或说明为何不能使用。请只添加来源可信的文件。</translation>
    </message>
    <message>
        <source>Networks ({patterns})</source>
        <translation>网络 ({patterns})</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Choose the network</source>
        <translation>选择网络文件</translation>
    </message>
    <message>
        <source>It is one of a pair that understands words</source>
        <translation>它属于一对能理解文字的网络</translation>
    </message>
    <message>
        <source>Networks such as CLIP have a second file for words, and a tokenizer.json</source>
        <translation>像 CLIP 这样的网络还有一个处理文字的文件和一个 tokenizer.json</translation>
    </message>
    <message>
        <source>Text network</source>
        <translation>文字网络</translation>
    </message>
    <message>
        <source>Choose the text network</source>
        <translation>选择文字网络</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Choose the tokenizer</source>
        <translation>选择分词器</translation>
    </message>
    <message>
        <source>Tokenizers ({patterns})</source>
        <translation>分词器 ({patterns})</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>from the file&apos;s name</source>
        <translation>取自文件名</translation>
    </message>
    <message>
        <source>What it is called here: small letters, digits, dot and hyphen</source>
        <translation>在这里的名称：小写字母、数字、点和连字符</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Copy the network here, after a look whether it can be used</source>
        <translation>检查网络能否使用，然后复制到这里</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close the form; nothing is added</source>
        <translation>关闭表单，不添加任何内容</translation>
    </message>
    <message>
        <source>Choose the file of the network first.</source>
        <translation>请先选择网络文件。</translation>
    </message>
    <message>
        <source>A pair needs its text network and its tokenizer, too.</source>
        <translation>一对网络还需要它的文字网络和分词器。</translation>
    </message>
    <message>
        <source>Looking at the network and trying it on your photos; this takes about a minute.</source>
        <translation>正在检查网络并用您的照片试用，大约需要一分钟。</translation>
    </message>
</context>
<context>
    <name>Bridge</name>
    <message>
        <source>Something went wrong; the log has the details. ({})</source>
        <translation>出错了，详情见日志。（{}）</translation>
    </message>
</context>
<context>
    <name>Checked</name>
    <message>
        <source>The same file</source>
        <translation>同一文件</translation>
    </message>
    <message>
        <source>The same picture</source>
        <translation>同一张照片</translation>
    </message>
    <message>
        <source>New, of the same moment as</source>
        <translation>新照片，与下面这张摄于同一瞬间</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新照片</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>ChosenDetails</name>
    <message>
        <source>the picture</source>
        <translation>该图片</translation>
    </message>
</context>
<context>
    <name>ClusterList</name>
    <message>
        <source>Groups of duplicates</source>
        <translation>重复照片组</translation>
    </message>
</context>
<context>
    <name>ClusterRow</name>
    <message>
        <source>Keep best, mark others</source>
        <translation>保留最佳，标记其余</translation>
    </message>
    <message>
        <source>Unmark</source>
        <translation>取消标记</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Not a duplicate</source>
        <translation>不是重复照片</translation>
    </message>
    <message>
        <source>Mark what the rules propose to go of this group for the trash</source>
        <translation>把本组中规则建议删除的照片标记为移到回收站</translation>
    </message>
    <message>
        <source>Keep all photos of this group</source>
        <translation>保留此组的所有照片</translation>
    </message>
    <message>
        <source>See the photos side by side</source>
        <translation>并排查看照片</translation>
    </message>
    <message>
        <source>Remember that these photos do not belong together</source>
        <translation>记住这些照片不属于一组</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Best: {reason}</source>
        <translation>最佳：{reason}</translation>
    </message>
    <message>
        <source>No rule tells them apart</source>
        <translation>没有规则能区分它们</translation>
    </message>
    <message>
        <source>the others take {size}</source>
        <translation>其余占用 {size}</translation>
    </message>
    <message>
        <source>Why the first photo is proposed to stay: {reason}</source>
        <translation>建议保留第一张的原因：{reason}</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>还有 %n 张</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep all copies</source>
        <translation>保留全部副本</translation>
    </message>
    <message>
        <source>Remember that these copies stay; they come back only when another one joins</source>
        <translation>记住这些副本都要保留；只有出现新的副本时才会再次列出</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Keep this one, mark others</source>
        <translation>保留这张，标记其余</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>返回 (Esc)</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>闪烁对比</translation>
    </message>
    <message>
        <source>Show the photos in one place by turns</source>
        <translation>在同一位置轮流显示照片</translation>
    </message>
    <message>
        <source>Show where two photos differ; equal parts are black</source>
        <translation>显示两张照片的不同之处；相同部分为黑色</translation>
    </message>
    <message>
        <source>Lay two photos on each other and pull a line across them</source>
        <translation>将两张照片叠放，并拖动分界线</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Whole picture or actual pixels</source>
        <translation>整张图片或实际像素</translation>
    </message>
    <message>
        <source>Fill the screen</source>
        <translation>填满屏幕</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Slide</source>
        <translation>滑动对比</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Whole or 1:1</source>
        <translation>整图或 1:1</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message numerus="yes">
        <source>Compare %n photo(s)</source>
        <translation>
            <numerusform>比较 %n 张照片</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CopyDialog</name>
    <message>
        <source>Copy to folder</source>
        <translation>复制到文件夹</translation>
    </message>
    <message>
        <source>Copying to “{folder}”</source>
        <translation>正在复制到“{folder}”</translation>
    </message>
    <message>
        <source>Progress of copying</source>
        <translation>复制进度</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Files that were not copied</source>
        <translation>未复制的文件</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Copy no more files; what was copied whole stays (Esc)</source>
        <translation>不再复制；已完整复制的文件会保留 (Esc)</translation>
    </message>
    <message>
        <source>{done} of {total} files, {size} of {whole}</source>
        <translation>{done} / {total} 个文件，{size} / {whole}</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be copied.</source>
        <translation>
            <numerusform>%n 个文件无法复制。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %n file(s).</source>
        <translation>
            <numerusform>已复制 %n 个文件。</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this window (Esc)</source>
        <translation>关闭此窗口 (Esc)</translation>
    </message>
    <message>
        <source>Nothing was copied.</source>
        <translation>没有复制任何文件。</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>This library is open for searching only.</source>
        <translation>此图库目前只能搜索，不能更改。</translation>
    </message>
    <message>
        <source>Photos get no labels: {}</source>
        <translation>无法识别照片的画面内容：{}</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>The file is cut short.</source>
        <translation>文件不完整。</translation>
    </message>
    <message>
        <source>The file is larger than 1 GiB.</source>
        <translation>文件大于 1 GiB。</translation>
    </message>
    <message>
        <source>The file {}.</source>
        <translation>文件有问题：{}。</translation>
    </message>
    <message>
        <source>The file changed while it was being read.</source>
        <translation>文件在读取时发生了变化。</translation>
    </message>
    <message>
        <source>The file changed since it was taken in.</source>
        <translation>文件在收录之后已更改。</translation>
    </message>
    <message>
        <source>The file disappeared while it was being read.</source>
        <translation>文件在读取时消失了。</translation>
    </message>
    <message>
        <source>There is no permission to read the file.</source>
        <translation>没有读取该文件的权限。</translation>
    </message>
    <message>
        <source>This is not a regular file.</source>
        <translation>这不是普通文件。</translation>
    </message>
    <message>
        <source>This is not an image, or of a kind PhotoFind does not know.</source>
        <translation>这不是图片，或是 PhotoFind 不认识的类型。</translation>
    </message>
    <message>
        <source>This variant of the format is not supported.</source>
        <translation>不支持这种格式变体。</translation>
    </message>
    <message>
        <source>This kind of raw photo is not supported.</source>
        <translation>不支持这种 RAW 照片。</translation>
    </message>
    <message>
        <source>This raw photo has no preview inside, and raw support is not installed.</source>
        <translation>这张 RAW 照片内没有预览图，且未安装 RAW 支持。</translation>
    </message>
    <message>
        <source>{} pictures cannot be read on this computer.</source>
        <translation>这台电脑无法读取 {} 图片。</translation>
    </message>
    <message>
        <source>The raw photo is damaged.</source>
        <translation>RAW 照片已损坏。</translation>
    </message>
    <message>
        <source>The picture is damaged and cannot be read.</source>
        <translation>图片已损坏，无法读取。</translation>
    </message>
    <message>
        <source>The picture is empty.</source>
        <translation>图片是空的。</translation>
    </message>
    <message>
        <source>The picture has no size.</source>
        <translation>图片没有尺寸。</translation>
    </message>
    <message>
        <source>The picture is too large ({} x {} pixels).</source>
        <translation>图片过大（{} x {} 像素）。</translation>
    </message>
    <message>
        <source>The picture needs too much memory.</source>
        <translation>图片需要的内存过多。</translation>
    </message>
    <message>
        <source>The program that reads photos crashed on this file.</source>
        <translation>读取照片的程序在处理此文件时崩溃。</translation>
    </message>
    <message>
        <source>The program that reads photos could not be started.</source>
        <translation>无法启动读取照片的程序。</translation>
    </message>
    <message>
        <source>The file could not be read because of a fault in PhotoFind; the log tells more.</source>
        <translation>由于 PhotoFind 的缺陷无法读取该文件，详情见日志。</translation>
    </message>
    <message>
        <source>PhotoFind failed on it: {}</source>
        <translation>PhotoFind 处理该文件失败：{}</translation>
    </message>
    <message>
        <source>Reading took longer than {} seconds.</source>
        <translation>读取时间超过 {} 秒。</translation>
    </message>
    <message>
        <source>The path is longer than this system can open.</source>
        <translation>路径超过了本系统可打开的长度。</translation>
    </message>
    <message>
        <source>The folder cannot be read: {}.</source>
        <translation>无法读取文件夹：{}。</translation>
    </message>
    <message>
        <source>Files in this folder cannot be looked at: {}.</source>
        <translation>无法查看此文件夹中的文件：{}。</translation>
    </message>
    <message>
        <source>{} of {} photos are missing.</source>
        <translation>{} / {} 张照片缺失。</translation>
    </message>
    <message>
        <source>The folder is empty. Is its disk connected?</source>
        <translation>文件夹是空的。它所在的磁盘已连接吗？</translation>
    </message>
    <message>
        <source>The folder is not there. Is its disk connected?</source>
        <translation>文件夹不存在。它所在的磁盘已连接吗？</translation>
    </message>
    <message>
        <source>The disk went away while it was looked at.</source>
        <translation>查看期间磁盘断开了。</translation>
    </message>
    <message>
        <source>The folder does not answer. Is its disk or server still there?</source>
        <translation>该文件夹没有响应。它所在的磁盘或服务器还在吗？</translation>
    </message>
    <message>
        <source>{} does not answer; its photos stay searchable.</source>
        <translation>{} 没有响应；其中的照片仍可搜索。</translation>
    </message>
    <message>
        <source>{} does not answer.</source>
        <translation>{} 没有响应。</translation>
    </message>
    <message>
        <source>{} is on a disk that does not announce changes; it is looked through every {} minutes.</source>
        <translation>{} 所在的磁盘不会通知更改；每 {} 分钟查看一次。</translation>
    </message>
    <message>
        <source>{} cannot be watched; it is looked through every {} minutes.</source>
        <translation>无法监视 {}；每 {} 分钟查看一次。</translation>
    </message>
    <message>
        <source>{} has more directories than the system can watch; it is looked through every {} minutes.</source>
        <translation>{} 的目录数超出系统可监视的范围；每 {} 分钟查看一次。</translation>
    </message>
    <message>
        <source>This is the same file as the copy that would stay.</source>
        <translation>这与要保留的副本是同一个文件。</translation>
    </message>
    <message>
        <source>No other copy would stay.</source>
        <translation>不会留下其他副本。</translation>
    </message>
    <message>
        <source>It belongs to {}, which stays.</source>
        <translation>它属于 {}，而后者被保留。</translation>
    </message>
    <message>
        <source>{} belongs to it and has to stay: {}</source>
        <translation>{} 属于它且必须保留：{}</translation>
    </message>
    <message>
        <source>{} belongs to it, and there is another {} already.</source>
        <translation>{} 属于它，而已经另有一个 {}。</translation>
    </message>
    <message>
        <source>The copy that would stay has changed: {}</source>
        <translation>要保留的副本已改变：{}</translation>
    </message>
    <message>
        <source>The copy that would stay cannot be read: {}</source>
        <translation>无法读取要保留的副本：{}</translation>
    </message>
    <message>
        <source>PhotoFind ended before the file was moved; it stayed where it was.</source>
        <translation>PhotoFind 在移动文件之前结束，文件留在原处。</translation>
    </message>
    <message>
        <source>Moving photos to the trash was interrupted: {} had been moved, {} stayed where they were.</source>
        <translation>移到回收站的操作被中断：已移动 {} 张，{} 张留在原处。</translation>
    </message>
    <message>
        <source>It cannot be read: {}.</source>
        <translation>无法读取：{}。</translation>
    </message>
    <message>
        <source>It could not be put back: {}.</source>
        <translation>无法放回：{}。</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>文件已不存在。</translation>
    </message>
    <message>
        <source>The trash did not take it.</source>
        <translation>回收站没有接收该文件。</translation>
    </message>
    <message>
        <source>The trash is on another drive and cannot take it.</source>
        <translation>回收站在另一个驱动器上，无法接收该文件。</translation>
    </message>
    <message>
        <source>The drive of the trash is full.</source>
        <translation>回收站所在的驱动器已满。</translation>
    </message>
    <message>
        <source>Your share of the trash&apos;s drive is used up.</source>
        <translation>您在回收站所在驱动器上的配额已用完。</translation>
    </message>
    <message>
        <source>You are not allowed to move it.</source>
        <translation>您没有移动该文件的权限。</translation>
    </message>
    <message>
        <source>Its drive can only be read.</source>
        <translation>它所在的驱动器只能读取。</translation>
    </message>
    <message>
        <source>There is no trash on its drive, or the file is gone.</source>
        <translation>它所在的驱动器没有回收站，或文件已不存在。</translation>
    </message>
    <message>
        <source>Its name is too long for the trash.</source>
        <translation>文件名过长，无法移到回收站。</translation>
    </message>
    <message>
        <source>Its drive does not answer.</source>
        <translation>它所在的驱动器没有响应。</translation>
    </message>
    <message>
        <source>The system&apos;s trash cannot take a file whose name is not text; rename it first.</source>
        <translation>系统回收站无法接收文件名不是文本的文件，请先重命名。</translation>
    </message>
    <message>
        <source>The system&apos;s trash did not take the file; it may be read-only or on a drive without a trash.</source>
        <translation>系统回收站没有接收该文件，它可能是只读的，或所在驱动器没有回收站。</translation>
    </message>
    <message>
        <source>This photo is no longer in the library.</source>
        <translation>这张照片已不在图库中。</translation>
    </message>
    <message>
        <source>A photo of this query is no longer in the library.</source>
        <translation>查询中的一张照片已不在图库中。</translation>
    </message>
    <message>
        <source>{} is not a folder.</source>
        <translation>{} 不是文件夹。</translation>
    </message>
    <message>
        <source>The name is empty.</source>
        <translation>名称为空。</translation>
    </message>
    <message>
        <source>The name has characters that cannot be shown.</source>
        <translation>名称中有无法显示的字符。</translation>
    </message>
    <message>
        <source>The name has {} characters; {} are the most.</source>
        <translation>名称有 {} 个字符，最多 {} 个。</translation>
    </message>
    <message>
        <source>The text has {} characters; {} are the most.</source>
        <translation>文字有 {} 个字符，最多 {} 个。</translation>
    </message>
    <message>
        <source>There is no tag “{}”.</source>
        <translation>没有标签“{}”。</translation>
    </message>
    <message>
        <source>There is a collection “{}” already.</source>
        <translation>已有名为“{}”的合集。</translation>
    </message>
    <message>
        <source>This collection is no longer there.</source>
        <translation>这个合集已不存在。</translation>
    </message>
    <message>
        <source>This live collection is no longer there.</source>
        <translation>这个动态合集已不存在。</translation>
    </message>
    <message>
        <source>A live collection has the photos that its query finds; none can be put into it.</source>
        <translation>动态合集中的照片由其查询决定，不能手动放入。</translation>
    </message>
    <message>
        <source>Add the image to the library first: images from outside are not kept.</source>
        <translation>请先将该图片加入图库：不会保存图库之外的图片。</translation>
    </message>
    <message>
        <source>A newer PhotoFind saved this live collection; this one cannot read it.</source>
        <translation>这个动态合集由较新版本的 PhotoFind 保存，当前版本无法读取。</translation>
    </message>
    <message>
        <source>This live collection is damaged; remove it, and save it again.</source>
        <translation>这个动态合集已损坏；请将其移除后重新保存。</translation>
    </message>
    <message>
        <source>A photo of this query is no longer in the library and was left out.</source>
        <translation>此查询中的一张照片已不在图库中，已略去。</translation>
    </message>
    <message>
        <source>{} photos of this query are no longer in the library and were left out.</source>
        <translation>此查询中的 {} 张照片已不在图库中，已略去。</translation>
    </message>
    <message>
        <source>Its folder is not available.</source>
        <translation>其文件夹不可用。</translation>
    </message>
    <message>
        <source>The sidecar that is there cannot be read as XMP; it stays as it is.</source>
        <translation>已有的附属文件不是可读的 XMP，保持原样。</translation>
    </message>
    <message>
        <source>Its sidecar cannot be written: {}.</source>
        <translation>无法写入其附属文件：{}。</translation>
    </message>
    <message>
        <source>{} cannot be searched with: {}</source>
        <translation>无法用 {} 搜索：{}</translation>
    </message>
    <message>
        <source>The library is closed.</source>
        <translation>图库已关闭。</translation>
    </message>
    <message>
        <source>The library {} cannot be made: {}.</source>
        <translation>无法创建图库 {}：{}。</translation>
    </message>
    <message>
        <source>The library cannot be written where it lies.</source>
        <translation>图库所在位置无法写入。</translation>
    </message>
    <message>
        <source>The library cannot be written to; it is open for searching only.</source>
        <translation>无法写入图库，目前只能搜索。</translation>
    </message>
    <message>
        <source>Another PhotoFind is writing to this library; wait for it, or close it, and try again.</source>
        <translation>另一个 PhotoFind 正在写入此图库，请等待或关闭它后重试。</translation>
    </message>
    <message>
        <source>Another program is using the library.</source>
        <translation>另一个程序正在使用此图库。</translation>
    </message>
    <message>
        <source>Another program holds the library&apos;s catalog.</source>
        <translation>另一个程序占用了图库的目录库。</translation>
    </message>
    <message>
        <source>The disk of the library is full.</source>
        <translation>图库所在的磁盘已满。</translation>
    </message>
    <message>
        <source>The disk of the library is full: {} MB are free, {} MB needed.</source>
        <translation>图库所在的磁盘已满：剩余 {} MB，需要 {} MB。</translation>
    </message>
    <message>
        <source>Indexing waits for mains power.</source>
        <translation>索引正在等待接通电源。</translation>
    </message>
    <message>
        <source>This library was written by a newer PhotoFind; please update.</source>
        <translation>此图库由更新版本的 PhotoFind 写入，请更新程序。</translation>
    </message>
    <message>
        <source>The settings file {} was written by a newer PhotoFind; please update.</source>
        <translation>设置文件 {} 由更新版本的 PhotoFind 写入，请更新程序。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog was altered by something else, and mended.</source>
        <translation>图库的目录库被其他程序改动，已修复。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog was damaged. The damaged file is kept as {}.</source>
        <translation>图库的目录库已损坏。损坏的文件保留为 {}。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog was missing.</source>
        <translation>图库的目录库丢失。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog is damaged; start again to restore it.</source>
        <translation>图库的目录库已损坏，请重新启动以恢复。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog is a database of another program.</source>
        <translation>图库的目录库是另一个程序的数据库。</translation>
    </message>
    <message>
        <source>Photos are looked through anew; that takes as long as the first time.</source>
        <translation>将重新查看所有照片，耗时与第一次相同。</translation>
    </message>
    <message>
        <source>Photos cannot be taken in: {}</source>
        <translation>无法加入照片：{}</translation>
    </message>
    <message>
        <source>Something went wrong while indexing and was written to the log: {}</source>
        <translation>索引时出错，详情已写入日志：{}</translation>
    </message>
    <message>
        <source>The new network has seen all photos and answers from now on.</source>
        <translation>新的神经网络已读完所有照片，从现在起由它回答。</translation>
    </message>
    <message>
        <source>All thumbnails were made anew.</source>
        <translation>所有缩略图均已重新生成。</translation>
    </message>
    <message>
        <source>The index cannot be written to {}: {}.</source>
        <translation>无法将索引写入 {}：{}。</translation>
    </message>
    <message>
        <source>PhotoFind&apos;s network is missing; please install the program again.</source>
        <translation>缺少 PhotoFind 的神经网络，请重新安装程序。</translation>
    </message>
    <message>
        <source>The network {} is not the file its manifest describes; please install it again.</source>
        <translation>神经网络 {} 与其清单不符，请重新安装。</translation>
    </message>
    <message>
        <source>The CPU is used: {}.</source>
        <translation>使用 CPU：{}。</translation>
    </message>
    <message>
        <source>{} failed while running ({}); the CPU is used.</source>
        <translation>{} 运行失败（{}），改用 CPU。</translation>
    </message>
    <message>
        <source>The catalog is damaged: {}.</source>
        <translation>目录库已损坏：{}。</translation>
    </message>
    <message>
        <source>Some rows of the catalog refer to others that are missing.</source>
        <translation>目录库中有些行引用了不存在的行。</translation>
    </message>
    <message>
        <source>The number of photos is wrong in {} directories.</source>
        <translation>{} 个文件夹的照片数量不正确。</translation>
    </message>
    <message>
        <source>The number of photos is wrong for {} contents.</source>
        <translation>{} 项内容的照片数量不正确。</translation>
    </message>
    <message>
        <source>The number of photos is wrong for {} tags.</source>
        <translation>{} 个标签的照片数有误。</translation>
    </message>
    <message>
        <source>The number of photos is wrong for {} collections.</source>
        <translation>{} 个合集的照片数有误。</translation>
    </message>
    <message>
        <source>The number of contents is wrong.</source>
        <translation>内容数量不正确。</translation>
    </message>
    <message>
        <source>The number of vectors is wrong.</source>
        <translation>向量数量不正确。</translation>
    </message>
    <message>
        <source>The vector index lacks {} photos.</source>
        <translation>向量索引缺少 {} 张照片。</translation>
    </message>
    <message>
        <source>Stopped before the end.</source>
        <translation>检查提前结束。</translation>
    </message>
    <message>
        <source>{} changed or missing files were looked at again.</source>
        <translation>已重新查看 {} 个改变或缺失的文件。</translation>
    </message>
    <message>
        <source>Its folder is not connected now.</source>
        <translation>所在文件夹目前未连接。</translation>
    </message>
    <message>
        <source>There is not enough room: {} MB are needed, {} MB are free.</source>
        <translation>空间不足：需要 {} MB，可用 {} MB。</translation>
    </message>
    <message>
        <source>The drive is full.</source>
        <translation>驱动器已满。</translation>
    </message>
    <message>
        <source>Your share of the drive is used up.</source>
        <translation>您在该驱动器上的配额已用完。</translation>
    </message>
    <message>
        <source>There is no permission to do this.</source>
        <translation>没有执行此操作的权限。</translation>
    </message>
    <message>
        <source>The drive can only be read.</source>
        <translation>该驱动器只能读取。</translation>
    </message>
    <message>
        <source>The file or its folder is no longer there.</source>
        <translation>文件或其所在文件夹已不存在。</translation>
    </message>
    <message>
        <source>The name is too long for the drive.</source>
        <translation>名称对该驱动器来说太长。</translation>
    </message>
    <message>
        <source>The file is too large for the drive.</source>
        <translation>文件对该驱动器来说太大。</translation>
    </message>
    <message>
        <source>The drive does not answer.</source>
        <translation>驱动器没有响应。</translation>
    </message>
    <message>
        <source>The drive did not take the whole file.</source>
        <translation>驱动器没有写入完整的文件。</translation>
    </message>
    <message>
        <source>Another file has this name already.</source>
        <translation>已有另一个文件使用此名称。</translation>
    </message>
    <message>
        <source>PhotoFind ended before it was renamed.</source>
        <translation>PhotoFind 在重命名之前就结束了。</translation>
    </message>
    <message>
        <source>A file needs a name.</source>
        <translation>文件需要一个名称。</translation>
    </message>
    <message>
        <source>A name must not contain any of {}</source>
        <translation>名称中不能包含 {}</translation>
    </message>
    <message>
        <source>The system keeps this name for itself.</source>
        <translation>系统保留了这个名称。</translation>
    </message>
    <message>
        <source>Another network answers now; compare the folder once more.</source>
        <translation>现在由另一个网络回答；请重新比较此文件夹。</translation>
    </message>
    <message>
        <source>The settings file cannot be read and is ignored: {}</source>
        <translation>无法读取设置文件，已忽略：{}</translation>
    </message>
    <message>
        <source>The settings file has no proper version.</source>
        <translation>设置文件没有正确的版本号。</translation>
    </message>
    <message>
        <source>Setting {} should be one of {}, not {}.</source>
        <translation>设置 {} 应为 {} 之一，而不是 {}。</translation>
    </message>
    <message>
        <source>Setting {} should be {}, not {}.</source>
        <translation>设置 {} 应为 {}，而不是 {}。</translation>
    </message>
    <message>
        <source>Setting {} should lie between {} and {}, not {}.</source>
        <translation>设置 {} 应在 {} 和 {} 之间，而不是 {}。</translation>
    </message>
    <message>
        <source>Setting keys should be a table of commands and their keys.</source>
        <translation>设置 keys 应为命令及其快捷键的表。</translation>
    </message>
    <message>
        <source>The keys of {} should be text in quotation marks.</source>
        <translation>{} 的快捷键应为引号中的文字。</translation>
    </message>
    <message>
        <source>Setting keep should be a table of rules.</source>
        <translation>设置 keep 应为规则表。</translation>
    </message>
    <message>
        <source>Setting keep.{} should be a list of texts.</source>
        <translation>设置 keep.{} 应为文本列表。</translation>
    </message>
    <message>
        <source>There is no keep rule {}.</source>
        <translation>没有名为 {} 的保留规则。</translation>
    </message>
    <message>
        <source>It takes float pixels and does not say which; the mean and deviation of {} are assumed (--mean and --std say otherwise).</source>
        <translation>它接收浮点像素，但没有说明取值；假定均值和标准差与 {} 相同（在命令行可用 --mean 和 --std 指定）。</translation>
    </message>
    <message>
        <source>It takes whole pixels from 0 to 255; the mean and deviation given are not needed.</source>
        <translation>它接收 0 到 255 的整数像素，不需要给出的均值和标准差。</translation>
    </message>
    <message>
        <source>It takes photos of any size; they are given to it with {} px a side.</source>
        <translation>它接收任意尺寸的照片；将以边长 {} 像素交给它。</translation>
    </message>
    <message>
        <source>It gives a map of {} x {} places; their mean is used.</source>
        <translation>它给出 {} x {} 个位置的特征图；使用其平均值。</translation>
    </message>
    <message>
        <source>It gives {} places of a grid; their mean is used.</source>
        <translation>它给出网格上的 {} 个位置；使用其平均值。</translation>
    </message>
    <message>
        <source>It gives {} tokens; the first, which stands for the whole picture, is used.</source>
        <translation>它给出 {} 个标记；使用代表整张图片的第一个。</translation>
    </message>
    <message>
        <source>Of its outputs {} is used, not {}.</source>
        <translation>在它的输出中使用 {}，不使用 {}。</translation>
    </message>
    <message>
        <source>Its {} values look like a classifier&apos;s scores for its classes, not like features: it can be used, but the same network exported without its last layer finds more.</source>
        <translation>它的 {} 个数值像是分类器对各类别的打分，而不是特征：可以使用，但去掉最后一层再导出的同一网络能找到更多照片。</translation>
    </message>
    <message>
        <source>It fails on several photos at once, or mixes them; they are given to it one by one.</source>
        <translation>同时处理多张照片时它会失败或把它们混在一起；照片将逐张交给它。</translation>
    </message>
    <message>
        <source>{} is not a file; name the ONNX file of a network.</source>
        <translation>{} 不是文件；请指定网络的 ONNX 文件。</translation>
    </message>
    <message>
        <source>{} is empty.</source>
        <translation>{} 是空的。</translation>
    </message>
    <message>
        <source>{} is larger than 1 GiB; choose a smaller network.</source>
        <translation>{} 大于 1 GiB；请选择更小的网络。</translation>
    </message>
    <message>
        <source>{} is larger than {} MB.</source>
        <translation>{} 大于 {} MB。</translation>
    </message>
    <message>
        <source>{} changed while it was read; try again when nothing writes to it.</source>
        <translation>{} 在读取时发生了变化；请在没有程序写入它时再试。</translation>
    </message>
    <message>
        <source>{} is not an ONNX file, or only a part of one; PhotoFind takes networks exported to ONNX.</source>
        <translation>{} 不是 ONNX 文件，或只是其中一部分；PhotoFind 接受导出为 ONNX 的网络。</translation>
    </message>
    <message>
        <source>{} keeps its weights in another file; export it again as one file (below 1 GiB).</source>
        <translation>{} 的权重存放在另一个文件中；请重新导出为单个文件（小于 1 GiB）。</translation>
    </message>
    <message>
        <source>{} cannot be run by the onnxruntime installed here: {}</source>
        <translation>此处安装的 onnxruntime 无法运行 {}：{}</translation>
    </message>
    <message>
        <source>{} is not a network that onnxruntime can load: {}</source>
        <translation>{} 不是 onnxruntime 能加载的网络：{}</translation>
    </message>
    <message>
        <source>{} is not the file its manifest describes.</source>
        <translation>{} 不是其清单所描述的文件。</translation>
    </message>
    <message>
        <source>{} was made for a newer PhotoFind; please update.</source>
        <translation>{} 是为更新版本的 PhotoFind 制作的；请更新。</translation>
    </message>
    <message>
        <source>{} is too large for a manifest.</source>
        <translation>{} 作为清单太大。</translation>
    </message>
    <message>
        <source>{} is not JSON.</source>
        <translation>{} 不是 JSON。</translation>
    </message>
    <message>
        <source>{} is not a JSON object.</source>
        <translation>{} 不是 JSON 对象。</translation>
    </message>
    <message>
        <source>{} cannot be read: {}.</source>
        <translation>无法读取 {}：{}。</translation>
    </message>
    <message>
        <source>{} has {} inputs ({}); an image network has one, for the picture. Of a network for images and words export the two halves into a file each, and give the other with --text.</source>
        <translation>{} 有 {} 个输入（{}）；图像网络只有一个，用于图片。对于图文网络，请把两半分别导出为文件，并把另一个作为文字网络给出（命令行用 --text）。</translation>
    </message>
    <message>
        <source>{} takes {} as {}; PhotoFind can give float32, float16 or uint8 pixels. Export it with inputs of float32.</source>
        <translation>{} 接收 {}（输入 {}）；PhotoFind 能提供 float32、float16 或 uint8 像素。请以 float32 输入导出。</translation>
    </message>
    <message>
        <source>{} takes {}; a network for images takes four dimensions: [photos, 3, height, width] or [photos, height, width, 3].</source>
        <translation>{} 接收 {}；图像网络应有四个维度：[照片数, 3, 高, 宽] 或 [照片数, 高, 宽, 3]。</translation>
    </message>
    <message>
        <source>{} takes {} photos at once; PhotoFind can give 1 to 1024.</source>
        <translation>{} 一次接收 {} 张照片；PhotoFind 能提供 1 到 1024 张。</translation>
    </message>
    <message>
        <source>{} takes {}, pictures of {} channels; PhotoFind gives colour photos, whose 3 channels stand in the second or the last place.</source>
        <translation>{} 接收 {}，即 {} 个通道的图片；PhotoFind 提供彩色照片，其 3 个通道位于第二维或最后一维。</translation>
    </message>
    <message>
        <source>{} takes pictures of {} x {} pixels; PhotoFind gives square ones.</source>
        <translation>{} 接收 {} x {} 像素的图片；PhotoFind 提供正方形图片。</translation>
    </message>
    <message>
        <source>{} takes pictures of {} px a side; PhotoFind gives {} to {}.</source>
        <translation>{} 接收边长 {} 像素的图片；PhotoFind 提供 {} 到 {} 像素。</translation>
    </message>
    <message>
        <source>{} fails on pictures of every size that was tried: {}</source>
        <translation>{} 在尝试过的所有图片尺寸上都失败了：{}</translation>
    </message>
    <message>
        <source>{} gives {}; PhotoFind needs an output of float32 or float16.</source>
        <translation>{} 给出 {}；PhotoFind 需要 float32 或 float16 的输出。</translation>
    </message>
    <message>
        <source>{} gives {} as {} for {} photos; a network that PhotoFind can use gives one vector for each photo.</source>
        <translation>{} 给出 {}（输出 {}，{} 张照片）；PhotoFind 能用的网络为每张照片给出一个向量。</translation>
    </message>
    <message>
        <source>{} gives {} as {}; PhotoFind needs a vector for each photo, a map of features or the tokens of a transformer. Export the network with such an output.</source>
        <translation>{} 给出 {}（输出 {}）；PhotoFind 需要每张照片的向量、特征图或 Transformer 的标记。请以这样的输出导出网络。</translation>
    </message>
    <message>
        <source>{} gives {} values for a photo as {}; PhotoFind needs {} to {}, the features before the last layer. Export it with those.</source>
        <translation>{} 为一张照片给出 {} 个数值（输出 {}）；PhotoFind 需要 {} 到 {} 个，即最后一层之前的特征。请以这些特征导出。</translation>
    </message>
    <message>
        <source>{} gives one photo another vector each time; it was probably exported in training mode. Export it in evaluation mode.</source>
        <translation>{} 每次为同一张照片给出不同的向量；可能是以训练模式导出的。请以评估模式导出。</translation>
    </message>
    <message>
        <source>{} gives every photo the same vector; its weights are missing or not trained.</source>
        <translation>{} 为每张照片给出同样的向量；其权重缺失或未经训练。</translation>
    </message>
    <message>
        <source>{} mixes the photos that it takes at once; export it for one photo at a time.</source>
        <translation>{} 会把同时接收的照片混在一起；请以一次一张照片的方式导出。</translation>
    </message>
    <message>
        <source>{} takes longer than {} seconds for some pictures; it cannot be used here.</source>
        <translation>{} 处理几张图片超过 {} 秒；在这里无法使用。</translation>
    </message>
    <message>
        <source>{} needs more than {} GiB of memory; it cannot be used here.</source>
        <translation>{} 需要超过 {} GiB 的内存；在这里无法使用。</translation>
    </message>
    <message>
        <source>{} crashes the program that runs it; it cannot be used here.</source>
        <translation>{} 使运行它的程序崩溃；在这里无法使用。</translation>
    </message>
    <message>
        <source>{} finds edits of a picture less like it than other pictures; it cannot be used to find photos.</source>
        <translation>{} 认为图片的修改版不如其他图片像原图；不能用来查找照片。</translation>
    </message>
    <message>
        <source>The network failed: {}</source>
        <translation>网络运行失败：{}</translation>
    </message>
    <message>
        <source>The network gives vectors that are not of length 1.</source>
        <translation>网络给出的向量长度不为 1。</translation>
    </message>
    <message>
        <source>The network gives vectors without a direction: zeros or no numbers.</source>
        <translation>网络给出没有方向的向量：全为零或不是数字。</translation>
    </message>
    <message>
        <source>The network {} computes something else than it should.</source>
        <translation>网络 {} 的计算结果与应有的不符。</translation>
    </message>
    <message>
        <source>The network {} cannot be read: {}.</source>
        <translation>无法读取网络 {}：{}。</translation>
    </message>
    <message>
        <source>A text network and its tokenizer.json come together; name both, or neither.</source>
        <translation>文字网络和它的 tokenizer.json 必须成对；请两个都指定，或都不指定。</translation>
    </message>
    <message>
        <source>The text network gives no numbers for some words; it cannot be used.</source>
        <translation>文字网络对某些词没有给出数字；无法使用。</translation>
    </message>
    <message>
        <source>The text network gives the same vector for all words; is it the right file?</source>
        <translation>文字网络为所有词给出同样的向量；文件选对了吗？</translation>
    </message>
    <message>
        <source>The text network gives {} values and the image network {}; they are no pair.</source>
        <translation>文字网络给出 {} 个数值，图像网络给出 {} 个；它们不是一对。</translation>
    </message>
    <message>
        <source>{} should take token ids and at most an attention mask, not {}.</source>
        <translation>{} 应接收词元编号，至多再加注意力掩码，而不是 {}。</translation>
    </message>
    <message>
        <source>{} should take whole numbers [n, tokens] as {}, not {}.</source>
        <translation>{} 的输入应为整数 [n, tokens]（{}），而不是 {}。</translation>
    </message>
    <message>
        <source>{} should give float [n, {}], one vector for each text.</source>
        <translation>{} 应给出 float [n, {}]，即每段文字一个向量。</translation>
    </message>
    <message>
        <source>The text encoder {} failed: {}</source>
        <translation>文字编码器 {} 运行失败：{}</translation>
    </message>
    <message>
        <source>{} is not a tokenizer: {}</source>
        <translation>{} 不是分词器：{}</translation>
    </message>
    <message>
        <source>Reading {} needs the package tokenizers; install it with: pip install tokenizers</source>
        <translation>读取 {} 需要软件包 tokenizers；请安装：pip install tokenizers</translation>
    </message>
    <message>
        <source>{} cannot be the name of a network: use up to 64 small letters, digits, dots, dashes and underscores, a letter or digit first.</source>
        <translation>{} 不能作为网络的名字：请用最多 64 个小写字母、数字、点、连字符和下划线，以字母或数字开头。</translation>
    </message>
    <message>
        <source>There is a network {} already; choose another name with --id, or remove it.</source>
        <translation>已有名为 {} 的网络；请另取名字（命令行用 --id），或先移除它。</translation>
    </message>
    <message>
        <source>There is no network {}; there are: {}.</source>
        <translation>没有名为 {} 的网络；现有：{}。</translation>
    </message>
    <message>
        <source>The network cannot be added to {}: {}.</source>
        <translation>无法把网络添加到 {}：{}。</translation>
    </message>
    <message>
        <source>The network {} cannot be removed: {}.</source>
        <translation>无法移除网络 {}：{}。</translation>
    </message>
    <message>
        <source>{} came with PhotoFind and stays.</source>
        <translation>{} 随 PhotoFind 提供，不能移除。</translation>
    </message>
    <message>
        <source>{} is in use; choose another network first, then remove it.</source>
        <translation>{} 正在使用；请先选择其他网络，再移除它。</translation>
    </message>
    <message>
        <source>{} cannot be measured: {}</source>
        <translation>无法测量 {}：{}</translation>
    </message>
    <message>
        <source>Another network was chosen meanwhile.</source>
        <translation>其间选择了另一个网络。</translation>
    </message>
    <message>
        <source>Another network answers now; search again.</source>
        <translation>现在由另一个网络回答；请重新搜索。</translation>
    </message>
    <message>
        <source>The chosen network cannot be used: {}</source>
        <translation>无法使用所选的网络：{}</translation>
    </message>
    <message>
        <source>Words are looked for in names and descriptions only: {}</source>
        <translation>只在名称和描述中查找词语：{}</translation>
    </message>
    <message>
        <source>The network {} knows no words; choose one that does.</source>
        <translation>网络 {} 不懂词语；请选择懂词语的网络。</translation>
    </message>
    <message>
        <source>The index for words lacks {} photos.</source>
        <translation>词语索引缺少 {} 张照片。</translation>
    </message>
    <message>
        <source>{} is not part of the installed onnxruntime</source>
        <translation>已安装的 onnxruntime 不包含 {}</translation>
    </message>
    <message>
        <source>{} could not be started; its libraries or its device are missing</source>
        <translation>无法启动 {}；缺少它的库或设备</translation>
    </message>
</context>
<context>
    <name>DecisionsEditor</name>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Add a title</source>
        <translation>添加标题</translation>
    </message>
    <message>
        <source>Caption</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Add a caption</source>
        <translation>添加说明</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>画面内容</translation>
    </message>
    <message>
        <source>Stored at</source>
        <translation>存放位置</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>未选择照片</translation>
    </message>
    <message>
        <source>Choose a photo to see when, where and how it was taken.</source>
        <translation>选择一张照片，查看它拍摄的时间、地点和方式。</translation>
    </message>
    <message>
        <source>The folder of this photo is not available now.</source>
        <translation>这张照片所在的文件夹目前不可用。</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>Show photos like this one</source>
        <translation>显示与这张相似的照片</translation>
    </message>
    <message>
        <source>Keywords</source>
        <translation>关键词</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between keywords</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>镜头</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>Focal length</source>
        <translation>焦距</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between places</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>坐标</translation>
    </message>
    <message>
        <source>By</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>File changed</source>
        <translation>文件修改</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) chosen</source>
        <translation>
            <numerusform>已选择 %n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>What stands here is of the first {n}; stars, marks, texts and tags go to all.</source>
        <translation>此处显示的是前 {n} 张的信息；星级、标记、文字和标签会应用于全部所选照片。</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>From</source>
        <translation>最早</translation>
    </message>
    <message>
        <source>To</source>
        <translation>最晚</translation>
    </message>
    <message>
        <source>Without a date</source>
        <translation>没有日期</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>The same file under another name</source>
        <translation>同一文件的另一个名称</translation>
    </message>
    <message>
        <source>The video of this live photo</source>
        <translation>这张实况照片的视频</translation>
    </message>
    <message>
        <source>Sidecar of this photo</source>
        <translation>这张照片的附属文件</translation>
    </message>
    <message>
        <source>{kind}, {size}; it goes where the photo goes</source>
        <translation>{kind}，{size}；照片去哪里，它就去哪里</translation>
    </message>
</context>
<context>
    <name>DuplicatesView</name>
    <message>
        <source>Duplicates</source>
        <translation>重复照片</translation>
    </message>
    <message>
        <source>Kinds of duplicates</source>
        <translation>重复的种类</translation>
    </message>
    <message>
        <source>Undo last removal</source>
        <translation>撤销上次移除</translation>
    </message>
    <message>
        <source>Put the files moved to the trash last back where they were</source>
        <translation>把上一次移到回收站的文件放回原处</translation>
    </message>
    <message>
        <source>Unmark all</source>
        <translation>全部取消标记</translation>
    </message>
    <message>
        <source>Keep everything of this kind after all</source>
        <translation>这一类全部保留</translation>
    </message>
    <message>
        <source>See the whole plan first; nothing is moved before you confirm it</source>
        <translation>先查看完整计划，确认之前不会移动任何文件</translation>
    </message>
    <message>
        <source>What to keep…</source>
        <translation>保留哪一张…</translation>
    </message>
    <message>
        <source>The rules by which one photo of each group is proposed to stay</source>
        <translation>决定每组中建议保留哪一张照片的规则</translation>
    </message>
    <message>
        <source>Mark by the rules</source>
        <translation>按规则标记</translation>
    </message>
    <message>
        <source>In every group without a mark, mark what the rules propose to go; nothing is moved yet</source>
        <translation>在每个没有标记的组中，标记规则建议删除的照片；此时不会移动任何文件</translation>
    </message>
    <message>
        <source>Similar photos are different pictures: decide group by group</source>
        <translation>相似照片是不同的图片，请逐组决定</translation>
    </message>
    <message>
        <source>The search for duplicates stopped</source>
        <translation>重复照片的查找已中断</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>You can go on working; the groups appear here.</source>
        <translation>您可以继续其他操作，结果会显示在这里。</translation>
    </message>
    <message>
        <source>Looking for duplicates…</source>
        <translation>正在查找重复照片…</translation>
    </message>
    <message>
        <source>No identical files</source>
        <translation>没有完全相同的文件</translation>
    </message>
    <message>
        <source>No picture is there twice</source>
        <translation>没有重复的图片</translation>
    </message>
    <message>
        <source>No bursts</source>
        <translation>没有连拍照片</translation>
    </message>
    <message>
        <source>No similar photos</source>
        <translation>没有相似照片</translation>
    </message>
    <message>
        <source>New photos are compared as they come in.</source>
        <translation>新照片加入后会自动比较。</translation>
    </message>
    <message numerus="yes">
        <source>Move %n file(s) to trash…</source>
        <translation>
            <numerusform>将 %n 个文件移到回收站…</numerusform>
        </translation>
    </message>
    <message>
        <source>Move to trash…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>Moving files to the trash…</source>
        <translation>正在将文件移到回收站…</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) marked for the trash</source>
        <translation>
            <numerusform>已标记 %n 个文件移到回收站</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is marked. Choose “Mark by the rules”, or click the photos you do not need.</source>
        <translation>尚未标记任何照片。请选择“按规则标记”，或点击不需要的照片。</translation>
    </message>
    <message>
        <source>No rule tells these photos apart. Choose yourself, or change what to keep.</source>
        <translation>没有规则能区分这些照片。请自行选择，或更改保留规则。</translation>
    </message>
    <message>
        <source>At least one photo of each group stays. Unmark another one first.</source>
        <translation>每组至少保留一张照片。请先取消另一张的标记。</translation>
    </message>
    <message>
        <source>Remembered: these copies stay. The group comes back when another copy joins.</source>
        <translation>已记住：这些副本都保留。出现新的副本时，该组会再次列出。</translation>
    </message>
    <message>
        <source>Remembered: these are not duplicates of each other.</source>
        <translation>已记住：这些照片互不重复。</translation>
    </message>
    <message>
        <source>The settings could not be saved: {reason}</source>
        <translation>无法保存设置：{reason}</translation>
    </message>
    <message numerus="yes">
        <source>{kind}: in {decided} of %n group(s) a photo is proposed to stay.</source>
        <translation>
            <numerusform>{kind}：%n 组中有 {decided} 组已建议保留的照片。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) moved to the trash.</source>
        <translation>
            <numerusform>已将 %n 个文件移到回收站。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) stayed where they are.</source>
        <translation>
            <numerusform>%n 个文件留在原处。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) put back.</source>
        <translation>
            <numerusform>已放回 %n 个文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be put back.</source>
        <translation>
            <numerusform>%n 个文件无法放回。</numerusform>
        </translation>
    </message>
    <message>
        <source>Which and why…</source>
        <translation>哪些、为什么…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Facts</name>
    <message>
        <source>{fact}: {value} (better)</source>
        <translation>{fact}：{value}（更好）</translation>
    </message>
    <message>
        <source>{size} · {n} MP</source>
        <translation>{size} · {n} MP</translation>
    </message>
    <message>
        <source>No date in the file; filed under its last change, {date}</source>
        <translation>文件中没有日期；按最后修改日 {date} 归类</translation>
    </message>
    <message>
        <source>{date}, from the file name</source>
        <translation>{date}，取自文件名</translation>
    </message>
    <message>
        <source>1/{n} s</source>
        <comment>exposure time</comment>
        <translation>1/{n} 秒</translation>
    </message>
    <message>
        <source>{n} s</source>
        <comment>exposure time</comment>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>ISO {n}</source>
        <translation>ISO {n}</translation>
    </message>
    <message>
        <source>{n} mm on 35-mm film</source>
        <translation>等效 {n} 毫米</translation>
    </message>
    <message>
        <source>{n} mm</source>
        <translation>{n} 毫米</translation>
    </message>
    <message>
        <source>N</source>
        <comment>compass</comment>
        <translation>北</translation>
    </message>
    <message>
        <source>S</source>
        <comment>compass</comment>
        <translation>南</translation>
    </message>
    <message>
        <source>E</source>
        <comment>compass</comment>
        <translation>东</translation>
    </message>
    <message>
        <source>W</source>
        <comment>compass</comment>
        <translation>西</translation>
    </message>
    <message>
        <source>{n} m</source>
        <translation>{n} 米</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between names of places</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>picked</source>
        <translation>留用旗标</translation>
    </message>
    <message>
        <source>title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>caption</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between what is taken over</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>已留用</translation>
    </message>
    <message>
        <source>Identical</source>
        <translation>完全相同</translation>
    </message>
    <message>
        <source>Same picture</source>
        <translation>同一图片</translation>
    </message>
    <message>
        <source>Burst</source>
        <translation>连拍</translation>
    </message>
    <message>
        <source>Similar</source>
        <translation>相似</translation>
    </message>
    <message>
        <source>The same bytes at several places.</source>
        <translation>内容逐字节相同、存放在多处的文件。</translation>
    </message>
    <message>
        <source>One picture saved, resized, cropped or edited differently.</source>
        <translation>同一张图片的不同保存、缩放、裁剪或编辑版本。</translation>
    </message>
    <message>
        <source>Pictures of one moment, taken within seconds by one camera.</source>
        <translation>同一台相机在几秒内拍摄的同一瞬间。</translation>
    </message>
    <message>
        <source>Pictures that look alike; each may be worth keeping.</source>
        <translation>看起来相像的图片，每张都可能值得保留。</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>More pixels show finer detail and allow larger prints.</source>
        <translation>像素越多，细节越丰富，可打印得越大。</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>A larger file has usually lost less to compression.</source>
        <translation>文件越大，通常因压缩而损失的信息越少。</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>RAW keeps what the sensor saw; a lossless format keeps every pixel as it was.</source>
        <translation>RAW 保留传感器记录的全部信息；无损格式原样保留每个像素。</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>The earliest is most likely the original: copies and edits come later.</source>
        <translation>时间最早的很可能是原片：副本和编辑版都在其后。</translation>
    </message>
    <message>
        <source>with live video</source>
        <translation>带实况视频</translation>
    </message>
    <message>
        <source>without video</source>
        <translation>无视频</translation>
    </message>
    <message>
        <source>Live photo</source>
        <translation>实况照片</translation>
    </message>
    <message>
        <source>The seconds around the picture are there as a video.</source>
        <translation>拍摄前后几秒的画面以视频形式保留着。</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>清晰度</translation>
    </message>
    <message>
        <source>equally sharp</source>
        <translation>清晰度相同</translation>
    </message>
    <message>
        <source>sharper</source>
        <translation>更清晰</translation>
    </message>
    <message>
        <source>{percent} as sharp</source>
        <translation>清晰度为 {percent}</translation>
    </message>
    <message>
        <source>It shows more fine detail at the same size. Noise counts as detail, too.</source>
        <translation>在相同尺寸下显示出更多细节。噪点也会被算作细节。</translation>
    </message>
    <message>
        <source>Its folder is available now</source>
        <translation>其文件夹当前可用</translation>
    </message>
    <message>
        <source>You prefer its folder</source>
        <translation>您优先保留其文件夹</translation>
    </message>
    <message>
        <source>It has the video of the live photo</source>
        <translation>它带有实况照片的视频</translation>
    </message>
    <message>
        <source>It has more pixels</source>
        <translation>像素更多</translation>
    </message>
    <message>
        <source>It is the camera&apos;s RAW file</source>
        <translation>是相机的 RAW 文件</translation>
    </message>
    <message>
        <source>You picked it, or rejected the other</source>
        <translation>您选中了它，或排除了另一张</translation>
    </message>
    <message>
        <source>You gave it more stars</source>
        <translation>您给的星级更高</translation>
    </message>
    <message>
        <source>It knows more of when, where and how it was taken</source>
        <translation>拍摄时间、地点和参数信息更完整</translation>
    </message>
    <message>
        <source>Its file is larger</source>
        <translation>文件更大</translation>
    </message>
    <message>
        <source>Its file is older</source>
        <translation>文件更早</translation>
    </message>
    <message>
        <source>Its file is newer</source>
        <translation>文件更新</translation>
    </message>
    <message>
        <source>Its path is shorter</source>
        <translation>路径更短</translation>
    </message>
    <message>
        <source>Its path comes first in the alphabet</source>
        <translation>路径按字母顺序在前</translation>
    </message>
    <message>
        <source>its folder is available</source>
        <translation>所在文件夹可用</translation>
    </message>
    <message>
        <source>you prefer its folder</source>
        <translation>您优先保留其文件夹</translation>
    </message>
    <message>
        <source>has its live video</source>
        <translation>带有实况视频</translation>
    </message>
    <message>
        <source>highest resolution</source>
        <translation>分辨率最高</translation>
    </message>
    <message>
        <source>the camera&apos;s RAW file</source>
        <translation>相机的 RAW 原片</translation>
    </message>
    <message>
        <source>picked, or not rejected</source>
        <translation>已选中，或未被排除</translation>
    </message>
    <message>
        <source>highest rating</source>
        <translation>评分最高</translation>
    </message>
    <message>
        <source>knows most of when, where and how it was taken</source>
        <translation>拍摄信息最完整</translation>
    </message>
    <message>
        <source>largest file</source>
        <translation>文件最大</translation>
    </message>
    <message>
        <source>oldest file</source>
        <translation>文件最早</translation>
    </message>
    <message>
        <source>newest file</source>
        <translation>文件最新</translation>
    </message>
    <message>
        <source>shortest path</source>
        <translation>路径最短</translation>
    </message>
    <message>
        <source>first in the alphabet</source>
        <translation>按字母顺序在前</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between reasons</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>no rule tells it from the first</source>
        <translation>没有规则能将它与第一张区分</translation>
    </message>
    <message>
        <source>its folder is not available</source>
        <translation>其文件夹不可用</translation>
    </message>
    <message>
        <source>you prefer the other folder</source>
        <translation>您优先保留另一个文件夹</translation>
    </message>
    <message>
        <source>without the live video</source>
        <translation>没有实况视频</translation>
    </message>
    <message>
        <source>fewer pixels</source>
        <translation>像素较少</translation>
    </message>
    <message>
        <source>not the RAW file</source>
        <translation>不是 RAW 文件</translation>
    </message>
    <message>
        <source>not picked, or rejected</source>
        <translation>未选中，或已被排除</translation>
    </message>
    <message>
        <source>fewer stars</source>
        <translation>星级较低</translation>
    </message>
    <message>
        <source>knows less of how it was taken</source>
        <translation>拍摄信息较少</translation>
    </message>
    <message>
        <source>smaller file</source>
        <translation>文件较小</translation>
    </message>
    <message>
        <source>newer file</source>
        <translation>文件较新</translation>
    </message>
    <message>
        <source>older file</source>
        <translation>文件较早</translation>
    </message>
    <message>
        <source>longer path</source>
        <translation>路径较长</translation>
    </message>
    <message>
        <source>later in the alphabet</source>
        <translation>按字母顺序在后</translation>
    </message>
    <message>
        <source>what it shows</source>
        <comment>found by</comment>
        <translation>画面内容</translation>
    </message>
    <message>
        <source>its likeness</source>
        <comment>found by</comment>
        <translation>相似度</translation>
    </message>
    <message>
        <source> and by </source>
        <comment>between reasons of a find</comment>
        <translation>和</translation>
    </message>
    <message>
        <source>Found by {reasons}</source>
        <translation>凭{reasons}找到</translation>
    </message>
    <message>
        <source>its file name</source>
        <comment>found by</comment>
        <translation>文件名</translation>
    </message>
    <message>
        <source>its tags</source>
        <comment>found by</comment>
        <translation>标签</translation>
    </message>
    <message>
        <source>its caption</source>
        <comment>found by</comment>
        <translation>说明文字</translation>
    </message>
    <message>
        <source>its place</source>
        <comment>found by</comment>
        <translation>地点</translation>
    </message>
    <message>
        <source>its folder</source>
        <comment>found by</comment>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>its words</source>
        <comment>found by</comment>
        <translation>文字信息</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
    <message>
        <source>{name}, {kind}</source>
        <comment>a network</comment>
        <translation>{name}，{kind}</translation>
    </message>
    <message>
        <source>{name} — {architecture}, {n} px</source>
        <comment>a network</comment>
        <translation>{name}（{architecture}，{n} 像素）</translation>
    </message>
    <message>
        <source>{name} ({architecture})</source>
        <comment>a network</comment>
        <translation>{name}（{architecture}）</translation>
    </message>
    <message>
        <source>Accurate</source>
        <comment>a network</comment>
        <translation>准确</translation>
    </message>
    <message>
        <source>Fast</source>
        <comment>a network</comment>
        <translation>快速</translation>
    </message>
    <message>
        <source>a network of {n} layers with short cuts</source>
        <translation>带跳接的 {n} 层网络</translation>
    </message>
    <message>
        <source>a compact network made for phones</source>
        <translation>为手机设计的小型网络</translation>
    </message>
    <message>
        <source>a plain network of {n} layers, large and from 2014</source>
        <translation>2014 年的大型普通网络，{n} 层</translation>
    </message>
    <message>
        <source>a network that looks at several sizes at once, from 2015</source>
        <translation>2015 年的网络，同时看多种尺寸</translation>
    </message>
    <message>
        <source>a pair of networks that learned from pictures with captions</source>
        <translation>从带说明的图片学来的一对网络</translation>
    </message>
    <message>
        <source>a transformer, which compares patches of the photo</source>
        <translation>比较照片各小块的 Transformer</translation>
    </message>
    <message>
        <source>Same kind</source>
        <translation>同类照片</translation>
    </message>
    <message>
        <source>How far photos of the same kind come before all others (mean average precision).</source>
        <translation>同类照片排在其他照片之前的程度（平均精度均值）。</translation>
    </message>
    <message>
        <source>Edited copies</source>
        <translation>编辑过的副本</translation>
    </message>
    <message>
        <source>How often the original comes first when an edited copy of it is looked for.</source>
        <translation>用编辑过的副本查找时，原图排在第一的比例。</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>How often the photo that words describe is among the first ten.</source>
        <translation>文字所描述的照片进入前十的比例。</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>How often a right name is among the five that fit a photo best.</source>
        <translation>最合适的五个名称中有正确名称的比例。</translation>
    </message>
    <message>
        <source>{n} ms</source>
        <translation>{n} 毫秒</translation>
    </message>
    <message>
        <source>Score {score}</source>
        <translation>分数 {score}</translation>
    </message>
    <message>
        <source>{chance} chance of the same scene</source>
        <translation>{chance} 的可能是同一场景</translation>
    </message>
    <message>
        <source>{chance} chance of the same picture</source>
        <translation>{chance} 的可能是同一张照片</translation>
    </message>
    <message>
        <source>{chance} chance that it shows “{words}”</source>
        <translation>{chance} 的可能拍的是“{words}”</translation>
    </message>
    <message>
        <source>Turned to the right</source>
        <translation>向右旋转</translation>
    </message>
    <message>
        <source>Turned upside down</source>
        <translation>上下颠倒</translation>
    </message>
    <message>
        <source>Turned to the left</source>
        <translation>向左旋转</translation>
    </message>
    <message>
        <source>Turned</source>
        <translation>已旋转</translation>
    </message>
    <message>
        <source>Same camera: {name}</source>
        <translation>同一相机：{name}</translation>
    </message>
    <message>
        <source>Same place: {name}</source>
        <translation>同一地点：{name}</translation>
    </message>
    <message>
        <source>Taken {n} m away</source>
        <translation>拍摄地点相距 {n} 米</translation>
    </message>
    <message>
        <source>Both show: {names}</source>
        <translation>都有：{names}</translation>
    </message>
    <message>
        <source>The same file, byte for byte</source>
        <translation>逐字节相同的文件</translation>
    </message>
    <message>
        <source>The same picture</source>
        <translation>同一张照片</translation>
    </message>
    <message>
        <source>Another shot of the same moment</source>
        <translation>同一时刻的另一张照片</translation>
    </message>
    <message>
        <source>Mirrored</source>
        <translation>已镜像</translation>
    </message>
    <message>
        <source>Another shape: cropped, or with a border</source>
        <translation>形状不同：经过裁剪或加了边框</translation>
    </message>
    <message>
        <source>In black and white</source>
        <translation>黑白</translation>
    </message>
    <message>
        <source>In colour; the other is black and white</source>
        <translation>彩色；另一张是黑白的</translation>
    </message>
    <message>
        <source>Taken in the same second</source>
        <translation>拍摄于同一秒</translation>
    </message>
    <message>
        <source>Taken in the same minute</source>
        <translation>拍摄于同一分钟</translation>
    </message>
    <message>
        <source>Taken on the same day</source>
        <translation>拍摄于同一天</translation>
    </message>
    <message>
        <source>In the same folder</source>
        <translation>在同一文件夹中</translation>
    </message>
    <message>
        <source>Taken at the same place</source>
        <translation>拍摄于同一地点</translation>
    </message>
    <message>
        <source>Half the resolution</source>
        <translation>分辨率的一半</translation>
    </message>
    <message>
        <source>Twice the resolution</source>
        <translation>分辨率的两倍</translation>
    </message>
    <message>
        <source>{share} of the resolution</source>
        <translation>分辨率的 {share}</translation>
    </message>
    <message>
        <source>{n} times the resolution</source>
        <translation>分辨率的 {n} 倍</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between names</comment>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>Empty files</source>
        <translation>空文件</translation>
    </message>
    <message>
        <source>Not images</source>
        <translation>不是图片</translation>
    </message>
    <message>
        <source>Damaged images</source>
        <translation>损坏的图片</translation>
    </message>
    <message>
        <source>Too large</source>
        <translation>过大</translation>
    </message>
    <message>
        <source>Unknown kinds of image</source>
        <translation>不支持的图片类型</translation>
    </message>
    <message>
        <source>Not allowed or not able to read</source>
        <translation>无权读取或无法读取</translation>
    </message>
    <message>
        <source>Still being written</source>
        <translation>仍在写入</translation>
    </message>
    <message>
        <source>Took too long</source>
        <translation>耗时过长</translation>
    </message>
    <message>
        <source>Need too much memory</source>
        <translation>占用内存过多</translation>
    </message>
    <message>
        <source>Crashed the decoder</source>
        <translation>导致解码器崩溃</translation>
    </message>
    <message>
        <source>The file has no content. It may be left over from a copy that was cut short.</source>
        <translation>文件没有内容，可能是复制中断留下的。</translation>
    </message>
    <message>
        <source>The name promises an image, but the content is something else.</source>
        <translation>文件名像图片，但内容不是。</translation>
    </message>
    <message>
        <source>The file is cut short or damaged. A backup may have a whole copy.</source>
        <translation>文件不完整或已损坏，备份中也许有完好的副本。</translation>
    </message>
    <message>
        <source>The image has more pixels than can be opened safely.</source>
        <translation>图片的像素过多，无法安全打开。</translation>
    </message>
    <message>
        <source>PhotoFind cannot read this kind of image yet.</source>
        <translation>PhotoFind 还不能读取这种图片。</translation>
    </message>
    <message>
        <source>The system refused to read the file. Check its permissions and the disk.</source>
        <translation>系统拒绝读取该文件，请检查权限和磁盘。</translation>
    </message>
    <message>
        <source>The file changed while it was read. It is tried again when it is quiet.</source>
        <translation>文件在读取时发生变化，稳定后会自动重试。</translation>
    </message>
    <message>
        <source>Reading took longer than the time limit in the settings.</source>
        <translation>读取时间超过了设置中的时限。</translation>
    </message>
    <message>
        <source>Reading the file needs more memory than a single photo may take.</source>
        <translation>读取该文件所需内存超过了单张照片的上限。</translation>
    </message>
    <message>
        <source>The file made the decoder crash. Nothing else was affected.</source>
        <translation>该文件使解码器崩溃，其他部分不受影响。</translation>
    </message>
</context>
<context>
    <name>FailureModel</name>
    <message>
        <source>{title} ({n}) – {sentence}</source>
        <translation>{title}（{n}）– {sentence}</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Files that stayed</source>
        <translation>留在原处的文件</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) stayed where they are.</source>
        <translation>
            <numerusform>%n 个文件留在原处。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Filmstrip</source>
        <translation>胶片条</translation>
    </message>
    <message>
        <source>{n} of {total}</source>
        <translation>第 {n} 张，共 {total} 张</translation>
    </message>
</context>
<context>
    <name>FilterPanel</name>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>年份</translation>
    </message>
    <message>
        <source>When the photo was taken</source>
        <translation>照片的拍摄时间</translation>
    </message>
    <message>
        <source>Taken from</source>
        <translation>拍摄自</translation>
    </message>
    <message>
        <source>Taken until</source>
        <translation>拍摄至</translation>
    </message>
    <message>
        <source>Only photos taken on this day or later</source>
        <translation>只显示这一天及以后拍摄的照片</translation>
    </message>
    <message>
        <source>Only photos taken on this day or before</source>
        <translation>只显示这一天及以前拍摄的照片</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>The camera model</source>
        <translation>相机型号</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>The kind of file</source>
        <translation>文件类型</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Stars given by you or found in the file</source>
        <translation>您给出的或文件中自带的星级</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Landscape, portrait or square</source>
        <translation>横向、纵向或方形</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>旗标</translation>
    </message>
    <message>
        <source>Picked or rejected by you or in the file</source>
        <translation>您给出的或文件中自带的留用、排除旗标</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Your own tags</source>
        <translation>您自己的标签</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>已留用</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Not marked</source>
        <translation>无旗标</translation>
    </message>
    <message>
        <source>{stars} or more</source>
        <translation>{stars} 及以上</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Let all photos through again</source>
        <translation>重新显示所有照片</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>不限</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Add a folder of photos</source>
        <translation>添加照片文件夹</translation>
    </message>
    <message>
        <source>Drop it here, or choose one below.</source>
        <translation>拖放到这里，或在下面选择。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose the folder that is looked through; the files stay where they are</source>
        <translation>选择要查看的文件夹；文件留在原处</translation>
    </message>
    <message>
        <source>Your photos never leave this computer, and PhotoFind never changes them.</source>
        <translation>您的照片不会离开这台电脑，PhotoFind 也绝不会更改它们。</translation>
    </message>
    <message>
        <source>Add {folder}</source>
        <translation>添加 {folder}</translation>
    </message>
</context>
<context>
    <name>FlagEditor</name>
    <message>
        <source>Picked</source>
        <translation>已留用</translation>
    </message>
    <message>
        <source>Mark as picked; once more: no mark</source>
        <translation>标为留用；再按一次取消旗标</translation>
    </message>
    <message>
        <source>Mark as rejected; once more: no mark</source>
        <translation>标为排除；再按一次取消旗标</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>已排除</translation>
    </message>
</context>
<context>
    <name>FolderActions</name>
    <message>
        <source>Add a folder of photos</source>
        <translation>添加照片文件夹</translation>
    </message>
    <message>
        <source>Remove folder</source>
        <translation>移除文件夹</translation>
    </message>
    <message>
        <source>Remove “{folder}” from the library?</source>
        <translation>从图库中移除“{folder}”？</translation>
    </message>
    <message>
        <source>The files stay where they are. Your stars come back when the folder is added again.</source>
        <translation>文件留在原处。重新添加该文件夹后，您的星级会恢复。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Forget missing photos</source>
        <translation>移除缺失的照片</translation>
    </message>
    <message>
        <source>Forget the photos that are missing from “{folder}”?</source>
        <translation>要从图库中移除“{folder}”里缺失的照片吗？</translation>
    </message>
    <message>
        <source>Only if they were deleted or moved on purpose. If a disk is not connected, connect it instead.</source>
        <translation>仅当这些照片是有意删除或移走时才这样做。如果磁盘未连接，请先连接磁盘。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>FolderCheckDialog</name>
    <message>
        <source>Which of these do I have already?</source>
        <translation>其中哪些我已经有了？</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Compare no more files; what was found stays in the list</source>
        <translation>不再比较；已有结果保留在列表中</translation>
    </message>
    <message>
        <source>Progress of the comparison</source>
        <translation>比较进度</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Open the folder that holds the chosen file</source>
        <translation>打开所选文件所在的文件夹</translation>
    </message>
    <message>
        <source>Export list…</source>
        <translation>导出清单…</translation>
    </message>
    <message>
        <source>Write all three lists to a table</source>
        <translation>将三个列表写入表格</translation>
    </message>
    <message>
        <source>Copy the new ones to…</source>
        <translation>将新照片复制到…</translation>
    </message>
    <message>
        <source>Copy the files that are not in the library into a folder</source>
        <translation>将不在图库中的文件复制到文件夹</translation>
    </message>
    <message>
        <source>Add this folder</source>
        <translation>添加此文件夹</translation>
    </message>
    <message>
        <source>Add the folder to the library; the files stay where they are</source>
        <translation>将该文件夹添加到图库；文件留在原处</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) compared.</source>
        <translation>
            <numerusform>已比较 %n 个文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped. %n file(s) compared.</source>
        <translation>
            <numerusform>已停止。已比较 %n 个文件。</numerusform>
        </translation>
    </message>
    <message>
        <source>Comparing… {done} of {seen} files found so far</source>
        <translation>正在比较… 已找到 {seen} 个文件，完成 {done} 个</translation>
    </message>
    <message>
        <source>Not in the library ({n})</source>
        <translation>不在图库中 ({n})</translation>
    </message>
    <message>
        <source>Already there ({n})</source>
        <translation>已在图库中 ({n})</translation>
    </message>
    <message>
        <source>Cannot be read ({n})</source>
        <translation>无法读取 ({n})</translation>
    </message>
    <message>
        <source>The system found no file manager.</source>
        <translation>系统没有找到文件管理器。</translation>
    </message>
    <message>
        <source>Export list</source>
        <translation>导出清单</translation>
    </message>
    <message>
        <source>compared files.csv</source>
        <translation>比较结果.csv</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>The list could not be written: {reason}</source>
        <translation>无法写入清单：{reason}</translation>
    </message>
</context>
<context>
    <name>FolderQuestion</name>
    <message>
        <source>A folder was dropped</source>
        <translation>拖入了一个文件夹</translation>
    </message>
    <message>
        <source>What is “{folder}” for?</source>
        <translation>要对“{folder}”做什么？</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>在图库中显示</translation>
    </message>
    <message>
        <source>It is in the library already; its photos are shown.</source>
        <translation>它已在图库中；将显示其中的照片。</translation>
    </message>
    <message>
        <source>Add to the library</source>
        <translation>添加到图库</translation>
    </message>
    <message>
        <source>Its photos become searchable and stay where they are.</source>
        <translation>其中的照片可供搜索，并留在原处。</translation>
    </message>
    <message>
        <source>Which of these do I have already?</source>
        <translation>其中哪些我已经有了？</translation>
    </message>
    <message>
        <source>Each photo is compared with the library. Nothing is added or changed.</source>
        <translation>将每张照片与图库比较。不会添加或更改任何内容。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Do nothing with the folder (Esc)</source>
        <translation>不对该文件夹做任何操作 (Esc)</translation>
    </message>
</context>
<context>
    <name>HistogramView</name>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>{dark} black, {bright} as bright as can be</source>
        <translation>全黑 {dark}，最亮 {bright}</translation>
    </message>
    <message>
        <source>How often each brightness occurs: red, green, blue, and in grey all together. {ends}</source>
        <translation>各亮度出现的频率：红、绿、蓝，以及灰色表示的总体亮度。{ends}</translation>
    </message>
</context>
<context>
    <name>ImageSearch</name>
    <message>
        <source>Find by image</source>
        <translation>以图查找</translation>
    </message>
    <message>
        <source>Images ({patterns});;All files (*)</source>
        <translation>图片 ({patterns});;所有文件 (*)</translation>
    </message>
    <message>
        <source>Pasted image</source>
        <translation>粘贴的图片</translation>
    </message>
</context>
<context>
    <name>IndexPage</name>
    <message>
        <source>Index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>How surely and how fast photos are found, and what that takes on the disk.</source>
        <translation>照片能多准确、多快地被找到，以及占用多少磁盘空间。</translation>
    </message>
    <message>
        <source>Reading photos</source>
        <translation>读取照片</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Stop rebuilding the index</source>
        <translation>停止重建索引</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Look for some photos of the library and compare the answers with a search that leaves nothing out</source>
        <translation>查找图库中的一些照片，并与不遗漏任何照片的搜索结果比较</translation>
    </message>
    <message>
        <source>Rebuild the index</source>
        <translation>重建索引</translation>
    </message>
    <message>
        <source>Make the index anew from the catalog, in the background; search goes on meanwhile</source>
        <translation>在后台根据目录库重新生成索引；期间仍可搜索</translation>
    </message>
    <message>
        <source>On the disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Show the folder of the library in the file manager</source>
        <translation>在文件管理器中显示图库所在的文件夹</translation>
    </message>
    <message>
        <source>Make thumbnails anew</source>
        <translation>重新生成缩略图</translation>
    </message>
    <message>
        <source>Read all photos once more for their thumbnails, in the background; the old ones stay until then</source>
        <translation>在后台重新读取所有照片以生成缩略图；在此之前保留旧缩略图</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>停止检查</translation>
    </message>
    <message>
        <source>Check everything</source>
        <translation>全面检查</translation>
    </message>
    <message>
        <source>Compare the catalog, the index and every file with each other; only reads</source>
        <translation>将目录库、索引和每个文件相互核对；只读取，不修改</translation>
    </message>
    <message>
        <source>Reads every photo once, which takes long in a large library. Nothing is changed.</source>
        <translation>会读取每张照片一次，图库较大时耗时较长。不会更改任何内容。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>查全率</translation>
    </message>
    <message>
        <source>Of the photos that a search without short cuts finds, so many.</source>
        <translation>在不走捷径的搜索能找到的照片中，实际找到的比例。</translation>
    </message>
    <message>
        <source>Time of a search</source>
        <translation>搜索用时</translation>
    </message>
    <message>
        <source>For the index alone, on this computer.</source>
        <translation>仅索引部分，在本机测得。</translation>
    </message>
    <message>
        <source>Without short cuts</source>
        <translation>逐张比较用时</translation>
    </message>
    <message>
        <source>What it takes to compare a picture with every photo.</source>
        <translation>将一张图片与所有照片逐一比较所需的时间。</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Files in the library. Copies of one file share their place in the index.</source>
        <translation>图库中的文件。同一文件的副本在索引中共用一个位置。</translation>
    </message>
    <message>
        <source>Different photos</source>
        <translation>不同的照片</translation>
    </message>
    <message>
        <source>Copies counted once.</source>
        <translation>副本只计一次。</translation>
    </message>
    <message>
        <source>In the index</source>
        <translation>已编入索引</translation>
    </message>
    <message>
        <source>Found by likeness.</source>
        <translation>可按相似度找到。</translation>
    </message>
    <message>
        <source>Found by words</source>
        <translation>可用词语找到</translation>
    </message>
    <message>
        <source>For what they show.</source>
        <translation>按画面内容。</translation>
    </message>
    <message>
        <source>Every search compares all photos, so none can be missed.</source>
        <translation>每次搜索都会比较所有照片，不会有遗漏。</translation>
    </message>
    <message>
        <source>A search finds {share} of what a comparison with every photo finds: measured just now with {n} photos and the {k} nearest to each.</source>
        <translation>搜索能找到逐张比较结果的 {share}：刚才用 {n} 张照片及各自最近的 {k} 张测得。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were not read yet, or could not be read again.</source>
        <translation>
            <numerusform>有 %Ln 张照片尚未读取，或无法再次读取。</numerusform>
        </translation>
    </message>
    <message>
        <source>Photos a second</source>
        <translation>每秒照片数</translation>
    </message>
    <message>
        <source>Measured while photos were taken in the last time, with everything that belongs to it.</source>
        <translation>上次收录照片时测得，包含所有相关步骤。</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>Where the network computes.</source>
        <translation>网络在何处计算。</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>神经网络</translation>
    </message>
    <message>
        <source>What recognises your photos; see Networks.</source>
        <translation>识别照片所用的网络；见“神经网络”。</translation>
    </message>
    <message numerus="yes">
        <source>The last run took in %Ln photo(s).</source>
        <translation>
            <numerusform>上次共收录 %Ln 张照片。</numerusform>
        </translation>
    </message>
    <message>
        <source>How fast it is will stand here when more photos have come in.</source>
        <translation>收录更多照片后，这里会显示速度。</translation>
    </message>
    <message>
        <source>Catalog</source>
        <translation>目录库</translation>
    </message>
    <message>
        <source>All facts on your photos, and what you decided.</source>
        <translation>照片的所有信息，以及您的评定。</translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation>缩略图</translation>
    </message>
    <message>
        <source>Small pictures for the grid.</source>
        <translation>用于网格显示的小图。</translation>
    </message>
    <message>
        <source>Made for large libraries only; small ones need none.</source>
        <translation>仅大型图库需要；小型图库不需要。</translation>
    </message>
    <message>
        <source>Index of words</source>
        <translation>词语索引</translation>
    </message>
    <message>
        <source>The same, for searches by words.</source>
        <translation>同上，用于按词语搜索。</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Copies of the catalog of the last seven days.</source>
        <translation>最近七天的目录库副本。</translation>
    </message>
    <message>
        <source>Added networks</source>
        <translation>添加的网络</translation>
    </message>
    <message>
        <source>Without those that came with PhotoFind.</source>
        <translation>不含 PhotoFind 自带的网络。</translation>
    </message>
    <message>
        <source>Last backup: {day}</source>
        <translation>上次备份：{day}</translation>
    </message>
    <message>
        <source>There is no backup yet; one is made every day that PhotoFind runs.</source>
        <translation>还没有备份；PhotoFind 每天运行时会备份一次。</translation>
    </message>
    <message>
        <source>Rebuilding the index: {n} of {total}</source>
        <translation>正在重建索引：{n} / {total}</translation>
    </message>
    <message>
        <source>The index is made anew.</source>
        <translation>索引已重新生成。</translation>
    </message>
    <message>
        <source>Stopped. The rest of the index is made when nothing else is to be done.</source>
        <translation>已停止。索引的其余部分会在空闲时建立。</translation>
    </message>
    <message>
        <source>Thumbnails are made anew in the background; the line at the bottom tells how far it is.</source>
        <translation>正在后台重新生成缩略图；底部状态栏显示进度。</translation>
    </message>
    <message>
        <source>The system found no file manager.</source>
        <translation>系统没有找到文件管理器。</translation>
    </message>
    <message>
        <source>Checking; you can go on working.</source>
        <translation>正在检查；您可以继续工作。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) checked.</source>
        <translation>
            <numerusform>已检查 %Ln 张照片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>一切正常。</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more.</source>
        <translation>
            <numerusform>… 还有 %n 个。</numerusform>
        </translation>
    </message>
    <message>
        <source>“Check and repair” in the settings mends what can be mended.</source>
        <translation>设置中的“检查并修复”会修复可以修复的问题。</translation>
    </message>
    <message>
        <source>Stopped before everything was checked.</source>
        <translation>已停止，尚未检查完全部内容。</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Drop to add this folder, or to compare it with your library</source>
        <translation>松开以添加此文件夹，或与图库比较</translation>
    </message>
    <message>
        <source>Drop to find photos like this</source>
        <translation>松开以查找相似照片</translation>
    </message>
    <message>
        <source>There is no image in the clipboard.</source>
        <translation>剪贴板中没有图片。</translation>
    </message>
    <message>
        <source>PhotoFind does not use the internet, and this is only an address on the web. Drag the picture itself, or copy it and paste it here.</source>
        <translation>PhotoFind 不使用互联网，而这只是一个网址。请拖入图片本身，或复制图片后粘贴到这里。</translation>
    </message>
    <message>
        <source>Pasted image</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>Looking for the first {n}; more at once say nothing clear.</source>
        <translation>只按前 {n} 张查找；一次更多则结果不明确。</translation>
    </message>
</context>
<context>
    <name>KeepRulesDialog</name>
    <message>
        <source>What to keep</source>
        <translation>保留哪一张</translation>
    </message>
    <message>
        <source>The rules are asked from the top. The first one that tells two photos of a group apart says which is proposed to stay; nothing is marked or moved by that.</source>
        <translation>规则自上而下依次判断。第一条能区分组内两张照片的规则决定建议保留哪一张；这不会标记或移动任何照片。</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Ask this rule earlier (Alt+Up)</source>
        <translation>让这条规则更早判断 (Alt+Up)</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Ask this rule later (Alt+Down)</source>
        <translation>让这条规则更晚判断 (Alt+Down)</translation>
    </message>
    <message>
        <source>Usual order</source>
        <translation>默认顺序</translation>
    </message>
    <message>
        <source>The rules as they came; folders stay</source>
        <translation>恢复默认规则；文件夹不变</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Of folders inside each other the innermost counts</source>
        <translation>文件夹互相包含时，以最内层的为准</translation>
    </message>
    <message>
        <source>Rather keep…</source>
        <translation>优先保留…</translation>
    </message>
    <message>
        <source>Choose a folder whose photos rather stay</source>
        <translation>选择一个文件夹，其中的照片优先保留</translation>
    </message>
    <message>
        <source>Rather remove…</source>
        <translation>优先删除…</translation>
    </message>
    <message>
        <source>Choose a folder whose photos rather go</source>
        <translation>选择一个文件夹，其中的照片优先删除</translation>
    </message>
    <message>
        <source>Take off list</source>
        <translation>移出列表</translation>
    </message>
    <message>
        <source>Take the folder off this list (Del)</source>
        <translation>把该文件夹移出列表 (Del)</translation>
    </message>
    <message>
        <source>Keep what is in {folder}</source>
        <translation>保留 {folder} 中的照片</translation>
    </message>
    <message>
        <source>Rather remove what is in {folder}</source>
        <translation>优先删除 {folder} 中的照片</translation>
    </message>
    <message>
        <source>Keep what is in…</source>
        <translation>保留哪个文件夹中的照片…</translation>
    </message>
    <message>
        <source>Rather remove what is in…</source>
        <translation>优先删除哪个文件夹中的照片…</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Search commands and keys</source>
        <translation>搜索命令和快捷键</translation>
    </message>
    <message>
        <source>Show only lines that contain this</source>
        <translation>只显示包含此内容的行</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>In the viewer</source>
        <translation>在查看器中</translation>
    </message>
    <message>
        <source>Among duplicates</source>
        <translation>在重复照片中</translation>
    </message>
    <message>
        <source>In the comparison</source>
        <translation>在比较视图中</translation>
    </message>
    <message>
        <source>No command and no key is called that.</source>
        <translation>没有这样的命令或快捷键。</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>命令及其快捷键</translation>
    </message>
    <message>
        <source>Close the list (Esc)</source>
        <translation>关闭列表 (Esc)</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Commands and their keys</source>
        <translation>命令及其快捷键</translation>
    </message>
    <message>
        <source>Choose a command, then press its new key in the field below</source>
        <translation>选择一个命令，然后在下面的框中按下新的快捷键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新快捷键</translation>
    </message>
    <message>
        <source>Press the key here; Tab leaves the field</source>
        <translation>在此按下按键；按 Tab 离开此框</translation>
    </message>
    <message>
        <source>The command has this key instead of its keys of now</source>
        <translation>用此快捷键替换该命令现有的快捷键</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>The command has this key and keeps its others</source>
        <translation>为该命令添加此快捷键，保留其他快捷键</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>无快捷键</translation>
    </message>
    <message>
        <source>Take all keys from the command</source>
        <translation>去掉该命令的所有快捷键</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>默认快捷键</translation>
    </message>
    <message>
        <source>Give the command the keys it came with</source>
        <translation>恢复该命令原有的快捷键</translation>
    </message>
    <message>
        <source>Usual keys for all</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>Give every command the keys it came with</source>
        <translation>恢复所有命令原有的快捷键</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复照片</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
</context>
<context>
    <name>LabelPicker</name>
    <message>
        <source>Type to find a name</source>
        <translation>输入以查找名称</translation>
    </message>
    <message>
        <source>Find a name</source>
        <translation>查找名称</translation>
    </message>
    <message>
        <source>Names of what photos show; Enter takes the first, Down goes to the list</source>
        <translation>照片内容的名称；回车选第一个，向下键进入列表</translation>
    </message>
    <message>
        <source>What photos show</source>
        <translation>照片内容</translation>
    </message>
    <message>
        <source>What they show</source>
        <translation>画面内容</translation>
    </message>
    <message>
        <source>Names appear here as the network looks at the photos.</source>
        <translation>网络看过照片后，名称会出现在这里。</translation>
    </message>
    <message>
        <source>No photo has such a name. The search above finds by any words.</source>
        <translation>没有照片有这样的名称。上方的搜索可用任何文字查找。</translation>
    </message>
</context>
<context>
    <name>LikenessSlider</name>
    <message>
        <source>Likeness</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>Everything that was found, the most alike first</source>
        <translation>找到的全部照片，最相似的在前</translation>
    </message>
    <message>
        <source>Move the handle to the next place that shows more photos</source>
        <translation>将滑块移到能显示更多照片的下一处</translation>
    </message>
    <message>
        <source>Show less sure photos</source>
        <translation>显示把握较小的照片</translation>
    </message>
    <message>
        <source>Show less alike photos</source>
        <translation>显示不那么相似的照片</translation>
    </message>
    <message>
        <source>No photo shows this for sure</source>
        <translation>没有照片能确定符合</translation>
    </message>
    <message>
        <source>There is no exact copy</source>
        <translation>没有完全相同的副本</translation>
    </message>
    <message>
        <source>No photo is close enough</source>
        <translation>没有足够接近的照片</translation>
    </message>
    <message>
        <source>Everything that was found, the best first</source>
        <translation>找到的全部照片，最符合的在前</translation>
    </message>
    <message>
        <source>Only exact copies</source>
        <translation>仅完全相同的副本</translation>
    </message>
    <message>
        <source>At least {chance} chance that they show it</source>
        <translation>至少 {chance} 的可能拍的正是它</translation>
    </message>
    <message>
        <source>At least {chance} chance of the same picture</source>
        <translation>至少 {chance} 的可能是同一张照片</translation>
    </message>
    <message>
        <source>At least {chance} chance of the same scene</source>
        <translation>至少 {chance} 的可能是同一场景</translation>
    </message>
    <message>
        <source>How sure</source>
        <translation>把握</translation>
    </message>
    <message>
        <source>sure</source>
        <comment>words</comment>
        <translation>确定</translation>
    </message>
    <message>
        <source>likely</source>
        <comment>words</comment>
        <translation>可能</translation>
    </message>
    <message>
        <source>all</source>
        <comment>words</comment>
        <translation>全部</translation>
    </message>
    <message>
        <source>same</source>
        <comment>likeness</comment>
        <translation>相同</translation>
    </message>
    <message>
        <source>near</source>
        <comment>likeness</comment>
        <translation>接近</translation>
    </message>
    <message>
        <source>alike</source>
        <comment>likeness</comment>
        <translation>相似</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>{folder} is not connected. Its photos stay searchable.</source>
        <translation>{folder} 未连接，其中的照片仍可搜索。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>Search for something or choose filters first; then the search can be saved.</source>
        <translation>请先搜索或选择筛选条件，然后才能保存此搜索。</translation>
    </message>
    <message>
        <source>{folder} does not answer. Its photos stay searchable.</source>
        <translation>{folder} 没有响应。其中的照片仍可搜索。</translation>
    </message>
    <message>
        <source>Select two to four photos to compare them.</source>
        <translation>请选择两到四张照片进行比较。</translation>
    </message>
    <message>
        <source>Only photos with the tag “{tag}”.</source>
        <translation>只显示带有标签“{tag}”的照片。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Only photos that show “{label}”.</source>
        <translation>只显示内容为“{label}”的照片。</translation>
    </message>
    <message>
        <source>Show the others again</source>
        <translation>重新显示其他照片</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Costs</source>
        <translation>代价</translation>
    </message>
    <message>
        <source>Finds</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Nobody measured how well it finds.</source>
        <translation>它的查找效果尚无测量。</translation>
    </message>
    <message>
        <source>answers now</source>
        <translation>正在使用</translation>
    </message>
    <message>
        <source>reads your photos</source>
        <translation>正在读取照片</translation>
    </message>
    <message>
        <source>comes with PhotoFind</source>
        <translation>随 PhotoFind 提供</translation>
    </message>
    <message>
        <source>added by you</source>
        <translation>由您添加</translation>
    </message>
    <message>
        <source>licence {name}</source>
        <translation>许可证 {name}</translation>
    </message>
    <message>
        <source>Finds photos by likeness, and by words for what they show.</source>
        <translation>可按相似度查找照片，也可用文字按画面内容查找。</translation>
    </message>
    <message>
        <source>Finds photos by likeness only: it understands no words.</source>
        <translation>只能按相似度查找照片：它不理解文字。</translation>
    </message>
    <message>
        <source>“Measure on this computer” shows it.</source>
        <translation>点“在本机测量”即可看到。</translation>
    </message>
    <message>
        <source>{variant} on {provider}: {ms}, {rate} photos a second</source>
        <translation>{variant}，{provider}：{ms}，每秒 {rate} 张</translation>
    </message>
    <message>
        <source>Time a photo</source>
        <translation>每张用时</translation>
    </message>
    <message>
        <source>Processor time for one photo on this computer.</source>
        <translation>在这台电脑上处理一张照片的处理器时间。</translation>
    </message>
    <message>
        <source>Photos a second</source>
        <translation>每秒张数</translation>
    </message>
    <message>
        <source>How many it reads on this computer; opening their files comes on top.</source>
        <translation>在这台电脑上每秒读取的张数；打开文件另需时间。</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>占用磁盘</translation>
    </message>
    <message>
        <source>Size of its files on the disk.</source>
        <translation>它的文件在磁盘上的大小。</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>{n} px</source>
        <translation>{n} 像素</translation>
    </message>
    <message>
        <source>It looks at photos made as small as {n} × {n} pixels, and gives {d} numbers.</source>
        <translation>照片会缩小到 {n} × {n} 像素供它查看，每张得到 {d} 个数字。</translation>
    </message>
    <message>
        <source>Runs on: {provider}</source>
        <translation>运行于：{provider}</translation>
    </message>
    <message>
        <source>Has read all photos.</source>
        <translation>已读取所有照片。</translation>
    </message>
    <message>
        <source>Has read {n} of {total} different photos.</source>
        <translation>已读取 {total} 张不同照片中的 {n} 张。</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>使用 {model}</translation>
    </message>
    <message>
        <source>Read all photos by this network in the background; the one before answers meanwhile</source>
        <translation>在后台用这个网络读取所有照片；其间由原来的网络回答</translation>
    </message>
    <message>
        <source>Remove {model}</source>
        <translation>移除 {model}</translation>
    </message>
    <message>
        <source>It is in use; use another network first</source>
        <translation>它正在使用；请先改用其他网络</translation>
    </message>
    <message>
        <source>Delete PhotoFind&apos;s copy of this network</source>
        <translation>删除 PhotoFind 中这个网络的副本</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Networks</source>
        <translation>神经网络</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop waiting for the measurement</source>
        <translation>不再等待测量</translation>
    </message>
    <message>
        <source>A network turns each photo into numbers that say what it shows; photos are found by them. It runs on this computer alone.</source>
        <translation>网络把每张照片变成表示其内容的数字，照片就是凭这些数字找到的。它只在这台电脑上运行。</translation>
    </message>
    <message>
        <source>Measure on this computer</source>
        <translation>在本机测量</translation>
    </message>
    <message>
        <source>Run every network for a moment and show how fast each is here; search goes on meanwhile</source>
        <translation>每个网络运行片刻，显示它在本机的速度；其间仍可搜索</translation>
    </message>
    <message>
        <source>Add a network…</source>
        <translation>添加网络…</translation>
    </message>
    <message>
        <source>Take in a network from an ONNX file on this computer</source>
        <translation>从这台电脑上的 ONNX 文件添加网络</translation>
    </message>
    <message>
        <source>The networks cannot be listed</source>
        <translation>无法列出网络</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>There is no network</source>
        <translation>没有网络</translation>
    </message>
    <message>
        <source>Photos are found by their names, captions and tags only.</source>
        <translation>现在只能按文件名、说明和标签查找照片。</translation>
    </message>
    <message>
        <source>{model} answers from now on.</source>
        <translation>现在由 {model} 回答搜索。</translation>
    </message>
    <message>
        <source>Remove network</source>
        <translation>移除网络</translation>
    </message>
    <message>
        <source>Remove the network “{model}”?</source>
        <translation>移除网络“{model}”？</translation>
    </message>
    <message>
        <source>PhotoFind&apos;s copy of it is deleted. Your photos stay as they are, and so does the file that it was added from.</source>
        <translation>PhotoFind 中的副本会被删除。您的照片保持不变，当初添加时的文件也保持不变。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>{model} is removed.</source>
        <translation>已移除 {model}。</translation>
    </message>
    <message>
        <source>Measuring how fast each network is here; a few seconds for each.</source>
        <translation>正在测量各网络在本机的速度，每个需要几秒。</translation>
    </message>
    <message>
        <source>{model} is added. Measure it, and choose Use when it shall read your photos.</source>
        <translation>已添加 {model}。可先测量；要让它读取您的照片，请点“使用”。</translation>
    </message>
</context>
<context>
    <name>NoPhotos</name>
    <message>
        <source>Opening the library</source>
        <translation>正在打开图库</translation>
    </message>
    <message>
        <source>The library cannot be opened</source>
        <translation>无法打开图库</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>This search did not work</source>
        <translation>这次搜索没有成功</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>The photos cannot be listed</source>
        <translation>无法列出照片</translation>
    </message>
    <message>
        <source>There is nothing to search yet</source>
        <translation>还没有可搜索的照片</translation>
    </message>
    <message>
        <source>Photos appear here as soon as they are read.</source>
        <translation>照片读取后会立即显示在这里。</translation>
    </message>
    <message>
        <source>No photo matches</source>
        <translation>没有匹配的照片</translation>
    </message>
    <message>
        <source>Try other words or fewer filters.</source>
        <translation>请换用其他词语或减少筛选条件。</translation>
    </message>
    <message>
        <source>No photo passes the filters</source>
        <translation>没有照片符合筛选条件</translation>
    </message>
    <message>
        <source>None has everything that is asked for.</source>
        <translation>没有照片符合全部条件。</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Looking for photos</source>
        <translation>正在查找照片</translation>
    </message>
    <message>
        <source>They appear here as soon as they are read.</source>
        <translation>读取后会立即显示在这里。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Indexing is paused</source>
        <translation>索引已暂停</translation>
    </message>
    <message>
        <source>Photos appear here when it goes on.</source>
        <translation>继续后照片会显示在这里。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>This folder does not answer now</source>
        <translation>该文件夹现在没有响应</translation>
    </message>
    <message>
        <source>This folder is not connected now</source>
        <translation>此文件夹目前未连接</translation>
    </message>
    <message>
        <source>Connect its drive, then look again.</source>
        <translation>请连接其磁盘，然后重新查看。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>This collection is empty</source>
        <translation>这个合集是空的</translation>
    </message>
    <message>
        <source>Drag photos onto its name, or use “Add to collection” in their menu.</source>
        <translation>将照片拖到左侧的合集名称上，或使用照片菜单中的“加入合集”。</translation>
    </message>
    <message>
        <source>Show all photos</source>
        <translation>显示全部照片</translation>
    </message>
    <message>
        <source>There are no photos here</source>
        <translation>这里没有照片</translation>
    </message>
    <message>
        <source>New photos appear by themselves.</source>
        <translation>新照片会自动出现。</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
</context>
<context>
    <name>OfflineCard</name>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>See whether the folder is there now</source>
        <translation>查看该文件夹现在是否可用</translation>
    </message>
    <message>
        <source>Forget missing…</source>
        <translation>移除缺失的照片…</translation>
    </message>
    <message>
        <source>For photos that were deleted on purpose, outside PhotoFind</source>
        <translation>用于在 PhotoFind 之外有意删除的照片</translation>
    </message>
    <message>
        <source>This folder is not connected now.</source>
        <translation>此文件夹当前未连接。</translation>
    </message>
    <message numerus="yes">
        <source>Its %Ln photo(s) stay searchable.</source>
        <translation>
            <numerusform>其中的 %Ln 张照片仍可搜索。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoActions</name>
    <message>
        <source>Open with its program</source>
        <translation>用默认程序打开</translation>
    </message>
    <message>
        <source>Open with</source>
        <translation>打开方式</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Find similar to these</source>
        <translation>查找与这些相似的照片</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>更像这张</translation>
    </message>
    <message>
        <source>Less like this</source>
        <translation>不像这张</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>These are not duplicates</source>
        <translation>这些不是重复照片</translation>
    </message>
    <message>
        <source>The system found no program for this.</source>
        <translation>系统没有找到可打开它的程序。</translation>
    </message>
    <message>
        <source>Another program…</source>
        <translation>其他程序…</translation>
    </message>
    <message>
        <source>Choose a program</source>
        <translation>选择程序</translation>
    </message>
    <message>
        <source>The system could not start this program.</source>
        <translation>系统无法启动此程序。</translation>
    </message>
    <message>
        <source>The system found no file manager.</source>
        <translation>系统没有找到文件管理器。</translation>
    </message>
    <message numerus="yes">
        <source>Copied %n photo(s).</source>
        <translation>
            <numerusform>已复制 %n 张照片。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %n path(s).</source>
        <translation>
            <numerusform>已复制 %n 条路径。</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading the picture…</source>
        <translation>正在读取图片…</translation>
    </message>
    <message>
        <source>Copied the picture, {size}.</source>
        <translation>已复制图片，{size}。</translation>
    </message>
    <message>
        <source>Copy to folder</source>
        <translation>复制到文件夹</translation>
    </message>
    <message>
        <source>Stopped. What was copied whole stays there.</source>
        <translation>已停止。已完整复制的文件会保留。</translation>
    </message>
    <message>
        <source>The folder could not be remembered: {reason}</source>
        <translation>无法记住该文件夹：{reason}</translation>
    </message>
    <message numerus="yes">
        <source>Copied %n file(s) to “{folder}”.</source>
        <translation>
            <numerusform>已将 %n 个文件复制到“{folder}”。</numerusform>
        </translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) left out: their folder is not connected.</source>
        <translation>
            <numerusform>略过 %n 张照片：所在文件夹未连接。</numerusform>
        </translation>
    </message>
    <message>
        <source>Renamed to “{name}”.</source>
        <translation>已重命名为“{name}”。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Remembered: these are not duplicates of each other.</source>
        <translation>已记住：这些照片互不重复。</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message numerus="yes">
        <source>Move %n photo(s) to the trash?</source>
        <translation>
            <numerusform>将 %n 张照片移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>You can undo this, also after a restart, until the trash is emptied.</source>
        <translation>清空回收站之前可以撤销，重新启动后也可以。</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>What belongs to them goes, too: {names}</source>
        <translation>属于它们的文件也会一起移走：{names}</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) stayed where they were.</source>
        <translation>
            <numerusform>%n 张照片留在原处。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Moved %n photo(s) to the trash.</source>
        <translation>
            <numerusform>已将 %n 张照片移到回收站。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo renaming “{name}”</source>
        <translation>撤销重命名“{name}”</translation>
    </message>
    <message numerus="yes">
        <source>Undo moving %n photo(s) to the trash</source>
        <translation>
            <numerusform>撤销将 %n 张照片移到回收站</numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>没有可撤销的操作。</translation>
    </message>
    <message>
        <source>“{name}” keeps its name.</source>
        <translation>“{name}”保留现有名称。</translation>
    </message>
    <message>
        <source>“{name}” has its name again.</source>
        <translation>“{name}”已恢复原名。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be put back.</source>
        <translation>
            <numerusform>%n 张照片无法放回。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %n photo(s) back.</source>
        <translation>
            <numerusform>已放回 %n 张照片。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoCard</name>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>marked for the trash</source>
        <translation>已标记移到回收站</translation>
    </message>
    <message>
        <source>stays</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>live photo, its video is beside it</source>
        <translation>实况照片，视频就在旁边</translation>
    </message>
    <message>
        <source>The same file, not a copy of it, is also at:</source>
        <translation>同一个文件（不是副本）还位于：</translation>
    </message>
    <message>
        <source>A live photo: its video is beside it</source>
        <translation>实况照片：视频就在旁边</translation>
    </message>
    <message>
        <source>Stays: {reason}</source>
        <translation>保留：{reason}</translation>
    </message>
    <message>
        <source>To the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实况</translation>
    </message>
    <message numerus="yes">
        <source>%n more name(s)</source>
        <translation>
            <numerusform>另有 %n 个名称</numerusform>
        </translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Not available now</source>
        <translation>目前不可用</translation>
    </message>
</context>
<context>
    <name>PhotoDecisions</name>
    <message numerus="yes">
        <source>Added %n photo(s) to “{name}”.</source>
        <translation>
            <numerusform>已将 %n 张照片加入“{name}”。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Took %n photo(s) out of “{name}”.</source>
        <translation>
            <numerusform>已从“{name}”中移出 %n 张照片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>新建合集</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>保存此搜索</translation>
    </message>
    <message>
        <source>Rename collection</source>
        <translation>重命名合集</translation>
    </message>
    <message>
        <source>Remove collection</source>
        <translation>移除合集</translation>
    </message>
    <message>
        <source>Remove the collection “{name}”?</source>
        <translation>移除合集“{name}”？</translation>
    </message>
    <message>
        <source>Its photos stay where they are.</source>
        <translation>其中的照片留在原处。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>“{name}” is in the list at the left.</source>
        <translation>“{name}”已列在左侧。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What the collection is called in the list at the left</source>
        <translation>合集在左侧列表中的名称</translation>
    </message>
    <message numerus="yes">
        <source>Wrote %n XMP file(s).</source>
        <translation>
            <numerusform>已写入 %n 个 XMP 文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were up to date.</source>
        <translation>
            <numerusform>%n 个已是最新。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be written: {name}: {reason}</source>
        <translation>
            <numerusform>%n 个无法写入：{name}：{reason}</numerusform>
        </translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>旗标</translation>
    </message>
    <message>
        <source>Add to collection</source>
        <translation>加入合集</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>新建合集…</translation>
    </message>
    <message>
        <source>Take out of “{name}”</source>
        <translation>从“{name}”中移出</translation>
    </message>
    <message>
        <source>Write XMP files beside the photos</source>
        <translation>在照片旁写入 XMP 文件</translation>
    </message>
    <message>
        <source>Stars, marks, tags, titles and captions for other programs; the photos stay as they are</source>
        <translation>供其他程序读取的星级、旗标、标签、标题和说明；照片本身不变</translation>
    </message>
</context>
<context>
    <name>PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>{photo}, {n} of {total}</source>
        <translation>{photo}，第 {n} 张，共 {total} 张</translation>
    </message>
</context>
<context>
    <name>PhotoModel</name>
    <message>
        <source>Its folder is not connected now.</source>
        <translation>所在文件夹目前未连接。</translation>
    </message>
    <message numerus="yes">
        <source>%n star(s)</source>
        <translation>
            <numerusform>%n 星</numerusform>
        </translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between facts of a photo</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>已留用</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>已排除</translation>
    </message>
    <message numerus="yes">
        <source>%n copies of this file</source>
        <translation>
            <numerusform>此文件有 %n 份副本</numerusform>
        </translation>
    </message>
    <message>
        <source>Found by its words and by what it shows</source>
        <translation>由文字和画面内容找到</translation>
    </message>
    <message>
        <source>Found by its words</source>
        <translation>由文字找到</translation>
    </message>
    <message>
        <source>Found by what it shows</source>
        <translation>由画面内容找到</translation>
    </message>
    <message>
        <source>{chance} chance that it shows the words</source>
        <translation>{chance} 的可能符合所搜词语</translation>
    </message>
</context>
<context>
    <name>PlanDialog</name>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message numerus="yes">
        <source>Move %n file(s) to the trash?</source>
        <translation>
            <numerusform>将 %n 个文件移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Each file is checked again just before, and moves only if the one that stays can be read.</source>
        <translation>移动前会再次检查每个文件，只有保留的那份可以读取时才会移动。</translation>
    </message>
    <message>
        <source>These are different pictures, not copies. Make sure that you do not need the marked ones.</source>
        <translation>这些是不同的图片，不是副本。请确认您不需要所标记的图片。</translation>
    </message>
    <message>
        <source>Files to move and files that stay</source>
        <translation>要移动的文件和保留的文件</translation>
    </message>
    <message>
        <source>Export list…</source>
        <translation>导出清单…</translation>
    </message>
    <message>
        <source>Write this plan to a table; nothing is moved</source>
        <translation>将此计划写入表格，不移动任何文件</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Move nothing; the marks stay (Esc)</source>
        <translation>不移动任何文件，保留标记 (Esc)</translation>
    </message>
    <message numerus="yes">
        <source>Move %n file(s) to trash</source>
        <translation>
            <numerusform>将 %n 个文件移到回收站</numerusform>
        </translation>
    </message>
    <message>
        <source>Move the files of this plan to the system&apos;s trash; this can be undone</source>
        <translation>把此计划中的文件移到系统回收站；可以撤销</translation>
    </message>
    <message>
        <source>no copy of it stays</source>
        <translation>它没有副本保留下来</translation>
    </message>
    <message>
        <source>belongs to {name}</source>
        <translation>属于 {name}</translation>
    </message>
    <message>
        <source>Reading the plan…</source>
        <translation>正在读取计划…</translation>
    </message>
    <message numerus="yes">
        <source>%n group(s); at least one photo of each stays.</source>
        <translation>
            <numerusform>共 %n 组，每组至少保留一张。</numerusform>
        </translation>
    </message>
    <message>
        <source>{size} become free once the trash is emptied.</source>
        <translation>清空回收站后可释放 {size}。</translation>
    </message>
    <message>
        <source>Texts (*.txt)</source>
        <translation>文本 (*.txt)</translation>
    </message>
    <message>
        <source>Export list</source>
        <translation>导出清单</translation>
    </message>
    <message>
        <source>files to remove.csv</source>
        <translation>要移除的文件.csv</translation>
    </message>
    <message>
        <source>Stays: {path}</source>
        <translation>保留：{path}</translation>
    </message>
    <message>
        <source>the one that stays takes over: {what}</source>
        <translation>保留的照片继承：{what}</translation>
    </message>
    <message>
        <source>To the trash: {path}</source>
        <translation>移到回收站：{path}</translation>
    </message>
    <message>
        <source>you chose it</source>
        <translation>由您选择</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>The list could not be written: {reason}</source>
        <translation>无法写入清单：{reason}</translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>The files themselves were not changed; all others are in the library.</source>
        <translation>这些文件本身没有改动，其他文件都已在图库中。</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>全部重试</translation>
    </message>
    <message>
        <source>Read every file of this list once more</source>
        <translation>重新读取清单中的每个文件</translation>
    </message>
    <message>
        <source>Files with problems</source>
        <translation>有问题的文件</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Read the chosen files once more</source>
        <translation>重新读取所选文件</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Open the folder that holds the file</source>
        <translation>打开文件所在的文件夹</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy the paths of the chosen files to the clipboard</source>
        <translation>将所选文件的路径复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be taken in</source>
        <translation>
            <numerusform>%n 个文件无法加入</numerusform>
        </translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>没有问题</translation>
    </message>
    <message>
        <source>Every file that looks like a photo could be read.</source>
        <translation>所有看起来是照片的文件都已读取。</translation>
    </message>
</context>
<context>
    <name>QueryBar</name>
    <message>
        <source>Most alike first</source>
        <translation>最相似的在前</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Find by image</source>
        <translation>以图查找</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Show only photos of a date, camera, rating or type, or of what they show</source>
        <translation>只显示某个日期、相机、评分、类型或画面内容的照片</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Choose an image to find similar photos</source>
        <translation>选择一张图片来查找相似的照片</translation>
    </message>
    <message>
        <source>Sections by date or folder</source>
        <translation>按日期或文件夹分组</translation>
    </message>
    <message>
        <source>Order and layout of the photos</source>
        <translation>照片的顺序和布局</translation>
    </message>
    <message>
        <source>Every photo was compared: no better match can be missing.</source>
        <translation>已比较每张照片，不会漏掉更好的匹配。</translation>
    </message>
    <message>
        <source>Save search…</source>
        <translation>保存搜索…</translation>
    </message>
    <message>
        <source>Keep this search as a collection that fills itself</source>
        <translation>将此搜索保存为自动更新的合集</translation>
    </message>
    <message>
        <source>Remove words and chips and show all photos again</source>
        <translation>清除文字和条件，重新显示所有照片</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新的在前</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早的在前</translation>
    </message>
    <message>
        <source>Recently added first</source>
        <translation>最近添加的在前</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>By folder</source>
        <translation>按文件夹</translation>
    </message>
    <message>
        <source>Largest files first</source>
        <translation>文件最大的在前</translation>
    </message>
    <message>
        <source>Squares</source>
        <translation>方格</translation>
    </message>
    <message>
        <source>Every photo in a square of one size</source>
        <translation>每张照片放在同样大小的方格中</translation>
    </message>
    <message>
        <source>Justified rows</source>
        <translation>对齐行</translation>
    </message>
    <message>
        <source>Every photo in its own shape, in rows that fill the width</source>
        <translation>每张照片保持自己的形状，各行填满宽度</translation>
    </message>
    <message>
        <source>Headers over the photos of a day, month or year, or of a folder</source>
        <translation>在同一天、同一月、同一年或同一文件夹的照片上方显示标题</translation>
    </message>
    <message>
        <source>Show likeness on photos</source>
        <translation>在照片上显示相似度</translation>
    </message>
    <message>
        <source>Part of {name}</source>
        <translation>{name} 的局部</translation>
    </message>
</context>
<context>
    <name>RegionDialog</name>
    <message>
        <source>Use only a part</source>
        <translation>只使用一部分</translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation>使用此局部</translation>
    </message>
    <message>
        <source>Look only for what is inside the box (Enter)</source>
        <translation>只查找方框内的内容 (Enter)</translation>
    </message>
    <message>
        <source>Use all of it</source>
        <translation>使用整张图片</translation>
    </message>
    <message>
        <source>Look for the whole picture again</source>
        <translation>重新查找整张图片</translation>
    </message>
</context>
<context>
    <name>RegionSelector</name>
    <message>
        <source>Part of the picture</source>
        <translation>图片的局部</translation>
    </message>
    <message>
        <source>From {left} to {right} % across, from {top} to {bottom} % down</source>
        <translation>横向 {left}% 至 {right}%，纵向 {top}% 至 {bottom}%</translation>
    </message>
    <message>
        <source>Drag a box around what you look for. Arrow keys move it, with Shift they resize it.</source>
        <translation>拖动鼠标框住要查找的内容。方向键移动方框，按住 Shift 则调整大小。</translation>
    </message>
</context>
<context>
    <name>RenameDialog</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>新名称</translation>
    </message>
    <message>
        <source>Name of the file, with its ending</source>
        <translation>文件名，包括扩展名</translation>
    </message>
    <message>
        <source>Sidecar files, the video of a live photo and the RAW or JPEG beside it are renamed along.</source>
        <translation>附属文件、实况照片的视频以及同名的 RAW 或 JPEG 会一并重命名。</translation>
    </message>
</context>
<context>
    <name>RuleList</name>
    <message>
        <source>Rules, the first ones asked first</source>
        <translation>规则，靠前的先判断</translation>
    </message>
    <message>
        <source>Drag a rule, or move it with Alt and an arrow; Space switches it on and off</source>
        <translation>拖动规则，或用 Alt 加方向键移动；空格键开关规则</translation>
    </message>
    <message>
        <source>{rule} (none chosen yet)</source>
        <translation>{rule}（尚未选择）</translation>
    </message>
    <message>
        <source>{rule}: {place} of {count}</source>
        <translation>{rule}：第 {place} 条，共 {count} 条</translation>
    </message>
</context>
<context>
    <name>Sections</name>
    <message>
        <source>MMMM yyyy</source>
        <comment>a month as Qt writes dates: May 2014</comment>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>yyyy</source>
        <comment>a year as Qt writes dates</comment>
        <translation>yyyy年</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Something went wrong; the log has the details. ({})</source>
        <translation>出错了，详情见日志。（{}）</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>The language of the window.</source>
        <translation>窗口使用的语言。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Light, dark, or as the system has it.</source>
        <translation>浅色、深色，或跟随系统。</translation>
    </message>
    <message>
        <source>Processes for reading photos</source>
        <translation>读取照片的进程数</translation>
    </message>
    <message>
        <source>How many processes decode photos at once; 0 lets the program choose from the number of cores.</source>
        <translation>同时解码照片的进程数量；0 表示由程序按处理器核心数决定。</translation>
    </message>
    <message>
        <source>Go on after a mark</source>
        <translation>标记后继续</translation>
    </message>
    <message>
        <source>Stars, picks and rejects given with a key are followed by the next photo.</source>
        <translation>用按键评星、留用或排除后，自动显示下一张照片。</translation>
    </message>
    <message>
        <source>Pause indexing on battery</source>
        <translation>使用电池时暂停索引</translation>
    </message>
    <message>
        <source>Indexing waits while the computer runs on its battery.</source>
        <translation>电脑使用电池供电时，索引会等待。</translation>
    </message>
    <message>
        <source>Time limit for one photo (s)</source>
        <translation>单张照片的时限（秒）</translation>
    </message>
    <message>
        <source>A photo that takes longer than this to read is listed under Problems.</source>
        <translation>读取时间超过此值的照片会列在“问题”中。</translation>
    </message>
    <message>
        <source>Watch folders</source>
        <translation>监视文件夹</translation>
    </message>
    <message>
        <source>New and changed photos are taken in as soon as they appear.</source>
        <translation>新增和更改的照片一出现就会加入。</translation>
    </message>
    <message>
        <source>Look again every (s)</source>
        <translation>重新查看间隔（秒）</translation>
    </message>
    <message>
        <source>How often folders that cannot announce changes, such as network shares, are looked through.</source>
        <translation>对无法通知变化的文件夹（如网络共享）多久检查一次。</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>Where the network runs; automatic takes the fastest that works here.</source>
        <translation>神经网络在哪里运行；自动会选用此处可用的最快设备。</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器 (CPU)</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Network and index</source>
        <translation>神经网络与索引</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>Set everything on the first page back to what it was at the first start</source>
        <translation>将第一页的全部设置恢复为首次启动时的值</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>The settings could not be saved: {reason}</source>
        <translation>无法保存设置：{reason}</translation>
    </message>
    <message>
        <source>This takes effect when PhotoFind starts the next time.</source>
        <translation>下次启动 PhotoFind 时生效。</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置的页面</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>The network turns each photo into numbers that say what it looks like. It runs on this computer.</source>
        <translation>神经网络把每张照片转换成描述其外观的数值。它在这台电脑上运行。</translation>
    </message>
    <message>
        <source>In use: {model}</source>
        <translation>正在使用：{model}</translation>
    </message>
    <message>
        <source>Networks…</source>
        <translation>神经网络…</translation>
    </message>
    <message>
        <source>What each network costs and gains here; choose, add and remove them</source>
        <translation>各网络在本机的代价与效果；选择、添加和移除网络</translation>
    </message>
    <message>
        <source>Index: {embedded} of {contents} different photos, at {photos} places.</source>
        <translation>索引：{contents} 张不同照片中的 {embedded} 张，存放在 {photos} 处。</translation>
    </message>
    <message>
        <source>Check the library</source>
        <translation>检查图库</translation>
    </message>
    <message>
        <source>Compare the catalog, the index and every file with each other; only reads</source>
        <translation>将目录库、索引和每个文件相互核对；只读取，不修改</translation>
    </message>
    <message>
        <source>Check and repair</source>
        <translation>检查并修复</translation>
    </message>
    <message>
        <source>Also build again whatever is damaged in the catalog and the index; photos are never changed</source>
        <translation>同时重建目录库和索引中损坏的部分，照片绝不会被更改</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>No network was found; photos can be searched by words only.</source>
        <translation>没有找到神经网络，只能用词语搜索照片。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) checked.</source>
        <translation>
            <numerusform>已检查 %n 张照片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>一切正常。</translation>
    </message>
    <message>
        <source>Problems:</source>
        <translation>问题：</translation>
    </message>
    <message>
        <source>Repaired:</source>
        <translation>已修复：</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Search words</source>
        <translation>搜索词语</translation>
    </message>
    <message>
        <source>Find by image…</source>
        <translation>以图查找…</translation>
    </message>
    <message>
        <source>Save this search…</source>
        <translation>保存此搜索…</translation>
    </message>
    <message>
        <source>Find the image in the clipboard</source>
        <translation>查找剪贴板中的图片</translation>
    </message>
    <message>
        <source>Back: clear the search</source>
        <translation>返回：清除搜索</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Show or hide the details</source>
        <translation>显示或隐藏详细信息</translation>
    </message>
    <message>
        <source>Copy files</source>
        <translation>复制文件</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Copy to folder…</source>
        <translation>复制到文件夹…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Move to trash…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>No stars</source>
        <translation>无星</translation>
    </message>
    <message>
        <source>One star</source>
        <translation>一星</translation>
    </message>
    <message>
        <source>Two stars</source>
        <translation>两星</translation>
    </message>
    <message>
        <source>Three stars</source>
        <translation>三星</translation>
    </message>
    <message>
        <source>Four stars</source>
        <translation>四星</translation>
    </message>
    <message>
        <source>Five stars</source>
        <translation>五星</translation>
    </message>
    <message>
        <source>Mark as picked</source>
        <translation>标为留用</translation>
    </message>
    <message>
        <source>Mark as rejected</source>
        <translation>标为排除</translation>
    </message>
    <message>
        <source>No mark</source>
        <translation>无旗标</translation>
    </message>
    <message>
        <source>Larger photos</source>
        <translation>放大照片</translation>
    </message>
    <message>
        <source>Smaller photos</source>
        <translation>缩小照片</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Not a duplicate, or copies to keep</source>
        <translation>不是重复照片，或保留全部副本</translation>
    </message>
    <message>
        <source>Show or hide the sidebar</source>
        <translation>显示或隐藏侧边栏</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>List of keys</source>
        <translation>快捷键列表</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Arrows, Home, End, Page Up, Page Down</source>
        <translation>方向键、Home、End、Page Up、Page Down</translation>
    </message>
    <message>
        <source>Select more</source>
        <translation>选择多张</translation>
    </message>
    <message>
        <source>Shift or Ctrl with a click or the arrows</source>
        <translation>按住 Shift 或 Ctrl 点击或按方向键</translation>
    </message>
    <message>
        <source>Select or leave out the current photo</source>
        <translation>选中或取消选中当前照片</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>照片大小</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Ctrl+滚轮</translation>
    </message>
    <message>
        <source>Menu of the photo</source>
        <translation>照片菜单</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>返回照片</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>上一张照片</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>下一张照片</translation>
    </message>
    <message>
        <source>First photo, last photo</source>
        <translation>第一张照片，最后一张照片</translation>
    </message>
    <message>
        <source>Whole picture or actual pixels</source>
        <translation>整张图片或实际像素</translation>
    </message>
    <message>
        <source>Find a part: draw a box</source>
        <translation>查找局部：画一个方框</translation>
    </message>
    <message>
        <source>Move the box, with Shift resize it</source>
        <translation>移动方框，按住 Shift 则调整大小</translation>
    </message>
    <message>
        <source>Find what is in the box</source>
        <translation>查找方框内的内容</translation>
    </message>
    <message>
        <source>Show or hide the filmstrip</source>
        <translation>显示或隐藏胶片条</translation>
    </message>
    <message>
        <source>Rate with stars</source>
        <translation>评星级</translation>
    </message>
    <message>
        <source>Move among photos and groups</source>
        <translation>在照片和分组之间移动</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>Mark or unmark a photo</source>
        <translation>标记照片或取消标记</translation>
    </message>
    <message>
        <source>Keep best, mark others</source>
        <translation>保留最佳，标记其余</translation>
    </message>
    <message>
        <source>Unmark</source>
        <translation>取消标记</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Move all pictures together</source>
        <translation>一起移动所有图片</translation>
    </message>
    <message>
        <source>Show the photos in one place by turns</source>
        <translation>在同一位置轮流显示照片</translation>
    </message>
    <message>
        <source>Pull a line across two photos</source>
        <translation>在两张照片上拖动分隔线</translation>
    </message>
    <message>
        <source>Move the line</source>
        <translation>移动分隔线</translation>
    </message>
    <message>
        <source>Show where two photos differ</source>
        <translation>显示两张照片的不同之处</translation>
    </message>
    <message>
        <source>Keep this one</source>
        <translation>保留这张</translation>
    </message>
    <message>
        <source>1 to 4</source>
        <translation>1 到 4</translation>
    </message>
    <message>
        <source>“{key}” is no key.</source>
        <translation>“{key}”不是有效的按键。</translation>
    </message>
    <message>
        <source>“{key}” moves among the photos.</source>
        <translation>“{key}”用于在照片之间移动。</translation>
    </message>
    <message>
        <source>“{key}” selects photos.</source>
        <translation>“{key}”用于选择照片。</translation>
    </message>
    <message>
        <source>“{key}” moves among the controls.</source>
        <translation>“{key}”用于在控件之间移动。</translation>
    </message>
    <message>
        <source>“{key}” has a fixed meaning there; the list of keys (F1) tells which.</source>
        <translation>“{key}”在那里另有固定用途；按键列表（F1）中有说明。</translation>
    </message>
    <message>
        <source>The settings give keys to “{name}”, which is no command.</source>
        <translation>设置中为“{name}”指定了快捷键，但没有这个命令。</translation>
    </message>
    <message>
        <source>“{command}” has its usual keys: {why}</source>
        <translation>“{command}”使用默认快捷键：{why}</translation>
    </message>
    <message>
        <source>“{key}” belongs to “{command}”.</source>
        <translation>“{key}”已用于“{command}”。</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>无快捷键</translation>
    </message>
    <message>
        <source>Go to a name</source>
        <translation>跳到某个名称</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Type its first letters</source>
        <translation>输入名称的开头</translation>
    </message>
</context>
<context>
    <name>ShownAnswer</name>
    <message>
        <source>The {n} best</source>
        <translation>最相似的 {n} 张</translation>
    </message>
    <message>
        <source>{n}+ photos</source>
        <translation>{n}+ 张照片</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Ranked by the network {model} in {ms} ms</source>
        <translation>由神经网络 {model} 排序，用时 {ms} 毫秒</translation>
    </message>
    <message>
        <source>Not every photo was compared: a match may be missing. Inside a folder or a filter all are.</source>
        <translation>并未比较每张照片，可能会漏掉个别匹配。在文件夹或筛选条件内会比较全部照片。</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between unknown words</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Not among the known words: {words}. Names, captions and tags were searched all the same; try a more common word for what photos show.</source>
        <translation>不在已知词语之列：{words}。名称、说明和标签仍已搜索；请换一个更常用的词来描述照片内容。</translation>
    </message>
    <message>
        <source>The network in use understands no words, so only names, folders, captions and tags were searched. Another one can be chosen under Networks.</source>
        <translation>当前网络不理解文字，因此只搜索了文件名、文件夹、说明和标签。可在“神经网络”中选择另一个。</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Library and folders</source>
        <translation>图库和文件夹</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Add a folder of photos to the library; the files stay where they are</source>
        <translation>将照片文件夹添加到图库，文件留在原处</translation>
    </message>
    <message>
        <source>Find, rename, merge and remove tags</source>
        <translation>查找、重命名、合并和移除标签</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>图库</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>全部照片</translation>
    </message>
    <message>
        <source>Recently added</source>
        <translation>最近添加</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复照片</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>神经网络</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>What recognises your photos, and what it costs and gains</source>
        <translation>识别照片内容的网络，以及它的代价与效果</translation>
    </message>
    <message>
        <source>How well photos are found, and what that takes on the disk</source>
        <translation>照片查找得如何，以及占用多少磁盘空间</translation>
    </message>
    <message>
        <source>Collections</source>
        <translation>合集</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>All tags</source>
        <translation>所有标签</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Remove tag…</source>
        <translation>移除标签…</translation>
    </message>
    <message>
        <source>The photos stay where they are</source>
        <translation>照片留在原处</translation>
    </message>
    <message>
        <source>Remove collection…</source>
        <translation>移除合集…</translation>
    </message>
    <message>
        <source>Its photos stay where they are</source>
        <translation>其中的照片留在原处</translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation>检查变化</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Forget missing photos…</source>
        <translation>移除缺失的照片…</translation>
    </message>
    <message>
        <source>For photos that were deleted on purpose, outside PhotoFind</source>
        <translation>适用于在 PhotoFind 之外有意删除的照片</translation>
    </message>
    <message>
        <source>Remove from the library…</source>
        <translation>从图库中移除…</translation>
    </message>
    <message>
        <source>The files stay where they are</source>
        <translation>文件留在原处</translation>
    </message>
    <message>
        <source>{folder} does not answer</source>
        <translation>{folder} 没有响应</translation>
    </message>
    <message>
        <source>This folder is not connected now.</source>
        <translation>此文件夹当前未连接。</translation>
    </message>
</context>
<context>
    <name>SimilarStrip</name>
    <message>
        <source>Looks similar</source>
        <translation>看起来相似</translation>
    </message>
</context>
<context>
    <name>SplitCanvas</name>
    <message>
        <source>Both photos, with a line between them</source>
        <translation>两张照片，中间有分隔线</translation>
    </message>
    <message>
        <source>{n} % of the width shows the first photo</source>
        <translation>第一张照片占宽度的 {n}%</translation>
    </message>
</context>
<context>
    <name>StarsEditor</name>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Rate with a click or the keys 1 to 5; 0 takes the rating away</source>
        <translation>点击或按 1 到 5 键评分，0 取消评分</translation>
    </message>
    <message numerus="yes">
        <source>%n star(s)</source>
        <translation>
            <numerusform>%n 星</numerusform>
        </translation>
    </message>
    <message>
        <source>Not rated</source>
        <translation>未评分</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Progress of indexing</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pause indexing; it goes on where it was</source>
        <translation>暂停索引，之后从此处继续</translation>
    </message>
    <message>
        <source>Stop indexing until folders are looked at again</source>
        <translation>停止索引，直到再次检查文件夹</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Files that could not be read, with reasons</source>
        <translation>无法读取的文件及原因</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>照片大小</translation>
    </message>
    <message>
        <source>Size of the photos (Ctrl+wheel)</source>
        <translation>照片大小（Ctrl+滚轮）</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>{folder} does not answer</source>
        <translation>{folder} 没有响应</translation>
    </message>
    <message numerus="yes">
        <source>%n folder(s) do not answer</source>
        <translation>
            <numerusform>%n 个文件夹没有响应</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>{n} of {total} selected</source>
        <translation>已选 {n} / {total}</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for photos, {n} found</source>
        <translation>正在查找照片，已找到 {n} 张</translation>
    </message>
    <message>
        <source>Looking for photos</source>
        <translation>正在查找照片</translation>
    </message>
    <message>
        <source>Paused at {n} of {total}</source>
        <translation>已暂停，{n} / {total}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Indexing {n} of {total}</source>
        <translation>正在索引 {n} / {total}</translation>
    </message>
    <message>
        <source>{rate} photos/s</source>
        <translation>{rate} 张/秒</translation>
    </message>
    <message>
        <source>Everything is up to date</source>
        <translation>全部已是最新</translation>
    </message>
    <message numerus="yes">
        <source>Read %Ln photo(s)</source>
        <translation>
            <numerusform>已读取 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln could not be read</source>
        <translation>
            <numerusform>%Ln 张无法读取</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>stopped before %Ln more</source>
        <translation>
            <numerusform>停止时还剩 %Ln 张</numerusform>
        </translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到一分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) left</source>
        <translation>
            <numerusform>剩余 %n 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s) left</source>
        <translation>
            <numerusform>剩余 %n 小时</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagActions</name>
    <message>
        <source>“{old}” is “{new}” now.</source>
        <translation>“{old}”现在是“{new}”。</translation>
    </message>
    <message>
        <source>Remove tag</source>
        <translation>移除标签</translation>
    </message>
    <message numerus="yes">
        <source>Take the tag “{tag}” off %n photo(s)?</source>
        <translation>
            <numerusform>要从 %n 张照片上移除标签“{tag}”吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>The photos themselves stay as they are.</source>
        <translation>照片本身保持不变。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Removed the tag “{tag}”.</source>
        <translation>已移除标签“{tag}”。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) have the tag “{tag}” now.</source>
        <translation>
            <numerusform>%n 张照片现在有标签“{tag}”。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagModel</name>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
</context>
<context>
    <name>TagNameDialog</name>
    <message>
        <source>Rename tag</source>
        <translation>重命名标签</translation>
    </message>
    <message>
        <source>New name of the tag “{tag}”</source>
        <translation>标签“{tag}”的新名称</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>新名称</translation>
    </message>
    <message>
        <source>The name of another tag makes the two one</source>
        <translation>使用另一标签的名称会将两者合并</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>合并</translation>
    </message>
    <message numerus="yes">
        <source>“{name}” is on %n photo(s) already. Both become one tag; this cannot be undone.</source>
        <translation>
            <numerusform>“{name}”已用于 %n 张照片。两者将合并为一个标签，且无法撤销。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagsEditor</name>
    <message>
        <source>Add a tag</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Enter or a comma adds the tag; Down shows tags that are in use</source>
        <translation>回车或逗号添加标签；向下键显示已有的标签</translation>
    </message>
</context>
<context>
    <name>TagsPage</name>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>A tag that gets the name of another becomes one with it.</source>
        <translation>改成另一标签的名称时，两者合并为一个。</translation>
    </message>
    <message>
        <source>Find a tag</source>
        <translation>查找标签</translation>
    </message>
    <message>
        <source>Show only tags with these letters in their names</source>
        <translation>只显示名称含有这些文字的标签</translation>
    </message>
    <message>
        <source>Show photos</source>
        <translation>显示照片</translation>
    </message>
    <message>
        <source>Show only photos with this tag (Enter)</source>
        <translation>只显示有此标签的照片（回车）</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Give the tag another name on all its photos, or merge it (F2)</source>
        <translation>在所有照片上更改标签名称，或合并标签（F2）</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Take the tag off all its photos (Del)</source>
        <translation>从所有照片上移除此标签（Del）</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tag(s)</source>
        <translation>
            <numerusform>%Ln 个标签</numerusform>
        </translation>
    </message>
    <message>
        <source>No tags yet</source>
        <translation>还没有标签</translation>
    </message>
    <message>
        <source>Choose photos and write tags in the details at the right.</source>
        <translation>选择照片，然后在右侧的详细信息中写标签。</translation>
    </message>
    <message>
        <source>No tag has these letters</source>
        <translation>没有含这些文字的标签</translation>
    </message>
    <message>
        <source>Show all tags</source>
        <translation>显示所有标签</translation>
    </message>
</context>
<context>
    <name>TextEditor</name>
    <message>
        <source>Enter keeps it, Esc gives back what stood here</source>
        <translation>回车保存，Esc 恢复原来的内容</translation>
    </message>
    <message>
        <source>Ctrl+Enter or leaving the field keeps it, Esc gives back what stood here</source>
        <translation>Ctrl+回车或离开此框保存，Esc 恢复原来的内容</translation>
    </message>
    <message>
        <source>Different texts</source>
        <translation>内容不同</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Back to the photos (Esc)</source>
        <translation>返回照片 (Esc)</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>Find a part</source>
        <translation>查找局部</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Whole or 1:1</source>
        <translation>整图或 1:1</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>照片信息</translation>
    </message>
    <message>
        <source>Filmstrip</source>
        <translation>胶片条</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Show photos like this one</source>
        <translation>显示与此相似的照片</translation>
    </message>
    <message>
        <source>Draw a box and look for what is in it; Shift and drag does the same</source>
        <translation>画一个框，查找框中的内容；按住 Shift 拖动也可以</translation>
    </message>
    <message>
        <source>Move this photo to the trash</source>
        <translation>将此照片移到回收站</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Whole picture or actual pixels</source>
        <translation>整张图片或实际像素</translation>
    </message>
    <message>
        <source>Show or hide the facts</source>
        <translation>显示或隐藏信息</translation>
    </message>
    <message>
        <source>Show or hide the photos before and after</source>
        <translation>显示或隐藏前后的照片</translation>
    </message>
    <message>
        <source>Fill the screen</source>
        <translation>填满屏幕</translation>
    </message>
    <message>
        <source>Find this part</source>
        <translation>查找此局部</translation>
    </message>
    <message>
        <source>Show photos that have what is in the box (Enter)</source>
        <translation>显示含有方框内内容的照片 (Enter)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Put the box away (Esc)</source>
        <translation>收起方框 (Esc)</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Previous photo (Left)</source>
        <translation>上一张 (左方向键)</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>Next photo (Right)</source>
        <translation>下一张 (右方向键)</translation>
    </message>
    <message>
        <source>{n} of {total}</source>
        <translation>{n} / {total}</translation>
    </message>
    <message>
        <source>This photo is no longer in the library.</source>
        <translation>这张照片已不在图库中。</translation>
    </message>
    <message>
        <source>{n} %</source>
        <comment>zoom</comment>
        <translation>{n}%</translation>
    </message>
    <message>
        <source>Only the thumbnail can be shown: the folder of this photo is not available.</source>
        <translation>只能显示缩略图：这张照片所在的文件夹不可用。</translation>
    </message>
    <message>
        <source>The whole picture cannot be shown: {reason}</source>
        <translation>无法显示整张图片：{reason}</translation>
    </message>
    <message>
        <source>Moved to the trash. Ctrl+Z brings it back.</source>
        <translation>已移到回收站。按 Ctrl+Z 可恢复。</translation>
    </message>
    <message>
        <source>No mark and no stars</source>
        <translation>无旗标、无星级</translation>
    </message>
    <message>
        <source>A part of this photo can be looked for once its folder is available again.</source>
        <translation>此照片所在的文件夹恢复可用后，才能查找它的局部。</translation>
    </message>
</context>
<context>
    <name>WhereDialog</name>
    <message>
        <source>Where they are alike</source>
        <translation>相似之处</translation>
    </message>
    <message>
        <source>Looking at both pictures…</source>
        <translation>正在分析两张图片…</translation>
    </message>
    <message>
        <source>Darken what is not alike</source>
        <translation>压暗不相似的部分</translation>
    </message>
    <message>
        <source>Off: the pictures as they are (hold Space)</source>
        <translation>关闭：显示原图（按住空格键）</translation>
    </message>
    <message>
        <source>Looked for</source>
        <translation>要查找的</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>找到的</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No single place makes them alike: it is the picture as a whole.</source>
        <translation>没有单独的相似之处，而是整张图片相似。</translation>
    </message>
</context>
<context>
    <name>WhyPanel</name>
    <message>
        <source>Why it matched</source>
        <translation>为什么匹配</translation>
    </message>
    <message>
        <source>Show where…</source>
        <translation>显示相似之处…</translation>
    </message>
    <message>
        <source>Show on both pictures which places make them alike</source>
        <translation>在两张图片上显示使它们相似的地方</translation>
    </message>
    <message>
        <source>It is the photo that was looked for</source>
        <translation>这就是要查找的照片</translation>
    </message>
</context>
<context>
    <name>_Chip</name>
    <message>
        <source>How much the search goes towards this, or away from it</source>
        <translation>搜索在多大程度上靠近或远离它</translation>
    </message>
    <message>
        <source>Use only a part…</source>
        <translation>只使用一部分…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove this part of the search (Del)</source>
        <translation>移除这个搜索条件 (Del)</translation>
    </message>
    <message>
        <source>Much more like this (+2)</source>
        <translation>非常像这个 (+2)</translation>
    </message>
    <message>
        <source>More like this (+1)</source>
        <translation>更像这个 (+1)</translation>
    </message>
    <message>
        <source>A little like this (+0.5)</source>
        <translation>稍微像这个 (+0.5)</translation>
    </message>
    <message>
        <source>A little less like this (−0.5)</source>
        <translation>稍微不像这个 (−0.5)</translation>
    </message>
    <message>
        <source>Less like this (−1)</source>
        <translation>不像这个 (−1)</translation>
    </message>
    <message>
        <source>{name}, weight {weight}</source>
        <translation>{name}，权重 {weight}</translation>
    </message>
    <message>
        <source>Weight of {name}</source>
        <translation>{name} 的权重</translation>
    </message>
</context>
<context>
    <name>_Difference</name>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
</context>
<context>
    <name>_Exchange</name>
    <message>
        <source>Keep the present one</source>
        <translation>保留当前网络</translation>
    </message>
    <message>
        <source>Stop reading; what was read is kept for another time</source>
        <translation>停止读取；已读取的会留待以后使用</translation>
    </message>
    <message>
        <source>{model} answers your searches meanwhile.</source>
        <translation>其间由 {model} 回答搜索。</translation>
    </message>
    <message>
        <source>{model} has read {n} of {total} different photos.</source>
        <translation>{model} 已读取 {total} 张不同照片中的 {n} 张。</translation>
    </message>
    <message>
        <source>Reading is paused.</source>
        <translation>读取已暂停。</translation>
    </message>
</context>
<context>
    <name>_FailedModel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>_FileField</name>
    <message>
        <source>no file chosen</source>
        <translation>未选择文件</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>_KeyField</name>
    <message>
        <source>New key</source>
        <translation>新快捷键</translation>
    </message>
</context>
<context>
    <name>_Labels</name>
    <message>
        <source>{percent} sure</source>
        <translation>把握 {percent}</translation>
    </message>
    <message>
        <source>{sureness}. Click to show only photos of this.</source>
        <translation>{sureness}。点击只显示这类照片。</translation>
    </message>
</context>
<context>
    <name>_Pane</name>
    <message>
        <source>Rating of {name}</source>
        <translation>{name} 的评分</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move this photo to the trash</source>
        <translation>将此照片移到回收站</translation>
    </message>
    <message>
        <source>Move {name} to the trash</source>
        <translation>将 {name} 移到回收站</translation>
    </message>
    <message>
        <source>Keep this one</source>
        <translation>保留这张</translation>
    </message>
    <message>
        <source>Keep {name}</source>
        <translation>保留 {name}</translation>
    </message>
    <message>
        <source>Keep this photo and mark the others for the trash (1 to 4)</source>
        <translation>保留这张，将其余标记为移到回收站（1 到 4）</translation>
    </message>
</context>
<context>
    <name>_Place</name>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy this path to the clipboard</source>
        <translation>将此路径复制到剪贴板</translation>
    </message>
</context>
<context>
    <name>_PlanModel</name>
    <message>
        <source>To the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Stays</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Why it stays</source>
        <translation>保留原因</translation>
    </message>
    <message>
        <source>Takes over</source>
        <translation>继承信息</translation>
    </message>
</context>
<context>
    <name>_TagChip</name>
    <message>
        <source>Show only photos with the tag “{tag}”</source>
        <translation>只显示带有标签“{tag}”的照片</translation>
    </message>
    <message>
        <source>Only some of these photos have the tag “{tag}”; give it to all</source>
        <translation>只有部分照片带有标签“{tag}”；点击给全部加上</translation>
    </message>
    <message>
        <source>Remove the tag {tag}</source>
        <translation>移除标签 {tag}</translation>
    </message>
    <message>
        <source>Remove the tag “{tag}”</source>
        <translation>移除标签“{tag}”</translation>
    </message>
</context>
<context>
    <name>_Tile</name>
    <message>
        <source>Show {name}</source>
        <translation>显示 {name}</translation>
    </message>
</context>
<context>
    <name>_WordsField</name>
    <message>
        <source>Search words</source>
        <translation>搜索词语</translation>
    </message>
    <message>
        <source>Search what photos show, or their words; or drop an image</source>
        <translation>搜索画面内容或文字，也可拖入图片</translation>
    </message>
    <message>
        <source>Words find what photos show, such as “dog on a beach”, and what names, folders, captions and tags say. Quotes find a phrase, a minus leaves a word out.</source>
        <translation>文字可查找画面内容（如“海滩上的狗”），也可查找文件名、文件夹、说明和标签。引号表示短语，减号表示排除。</translation>
    </message>
    <message>
        <source>Keep these words as a chip (Enter)</source>
        <translation>将这些词语固定为搜索条件 (Enter)</translation>
    </message>
    <message>
        <source>Clear the words</source>
        <translation>清除词语</translation>
    </message>
</context>
</TS>
