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
        <source>Cancel</source>
        <translation>取消</translation>
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
        <source>Mark all photos of this group but the best one for the trash (K)</source>
        <translation>将本组中除最佳以外的照片标记为移到回收站 (K)</translation>
    </message>
    <message>
        <source>Unmark</source>
        <translation>取消标记</translation>
    </message>
    <message>
        <source>Keep all photos of this group (U)</source>
        <translation>保留本组全部照片 (U)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>See the photos side by side (C)</source>
        <translation>并排查看照片 (C)</translation>
    </message>
    <message>
        <source>Not a duplicate</source>
        <translation>不是重复</translation>
    </message>
    <message>
        <source>Remember that these photos do not belong together (N)</source>
        <translation>记住这些照片互不重复 (N)</translation>
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
        <source>Show the photos in one place by turns (B)</source>
        <translation>在同一位置轮流显示照片 (B)</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Show where two photos differ; equal parts are black (D)</source>
        <translation>显示两张照片的不同之处，相同部分为黑色 (D)</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation>缩小 (-)</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大 (+)</translation>
    </message>
    <message>
        <source>Whole or 1:1</source>
        <translation>整图或 1:1</translation>
    </message>
    <message>
        <source>Whole picture or actual pixels (Z)</source>
        <translation>整张图片或实际像素 (Z)</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Full screen (F11)</source>
        <translation>全屏 (F11)</translation>
    </message>
    <message numerus="yes">
        <source>Compare %n photo(s)</source>
        <translation>
            <numerusform>比较 %n 张照片</numerusform>
        </translation>
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
        <translation>照片无法获得标签：{}</translation>
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
        <source>The disk went away while it was looked at.</source>
        <translation>查看期间磁盘断开了。</translation>
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
        <translation>另一个程序占用了图库的目录。</translation>
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
        <translation>图库的目录被其他程序改动，已修复。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog was damaged. The damaged file is kept as {}.</source>
        <translation>图库的目录已损坏。损坏的文件保留为 {}。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog was missing.</source>
        <translation>图库的目录丢失。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog is damaged; start again to restore it.</source>
        <translation>图库的目录已损坏，请重新启动以恢复。</translation>
    </message>
    <message>
        <source>The library&apos;s catalog is a database of another program.</source>
        <translation>图库的目录是另一个程序的数据库。</translation>
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
        <translation>目录已损坏：{}。</translation>
    </message>
    <message>
        <source>Some rows of the catalog refer to others that are missing.</source>
        <translation>目录中有些行引用了不存在的行。</translation>
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
        <source>Show photos like this one (S)</source>
        <translation>显示与此相似的照片 (S)</translation>
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
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Caption</source>
        <translation>说明</translation>
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
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
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
        <source>Put the files moved to the trash last back where they were (Ctrl+Z)</source>
        <translation>将上次移到回收站的文件放回原处 (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Keep best of all, mark others</source>
        <translation>每组保留最佳，标记其余</translation>
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
        <source>In every group without a mark, mark all but the best photo; nothing is moved yet</source>
        <translation>在尚无标记的每组中标记除最佳以外的照片，暂不移动任何文件</translation>
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
        <source>Nothing is marked. Choose “Keep best, mark others”, or click the photos you do not need.</source>
        <translation>尚未标记。请选择“保留最佳，标记其余”，或点击不需要的照片。</translation>
    </message>
    <message>
        <source>At least one photo of each group stays. Unmark another one first.</source>
        <translation>每组至少保留一张照片。请先取消另一张的标记。</translation>
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
        <source>Rejected</source>
        <translation>已排除</translation>
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
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>its folder is available</source>
        <translation>所在文件夹可用</translation>
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
        <source>shortest path</source>
        <translation>路径最短</translation>
    </message>
    <message>
        <source>nothing tells them apart; first by name</source>
        <translation>没有差别，按名称取第一张</translation>
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
        <source>Your photos never leave this computer, and PhotoFind never changes them.</source>
        <translation>您的照片不会离开这台电脑，PhotoFind 也绝不会更改它们。</translation>
    </message>
    <message>
        <source>Add {folder}</source>
        <translation>添加 {folder}</translation>
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
    <name>MainWindow</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
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
        <source>The {n} best</source>
        <translation>最相似的 {n} 张</translation>
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
        <source>, </source>
        <comment>between unknown words</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Not in the Chinese word list: {words}. Names, captions and tags were searched all the same; try a more common word for what photos show.</source>
        <translation>中文词表中没有：{words}。文件名、说明和标签仍已搜索；要按画面内容查找，请换一个更常用的词。</translation>
    </message>
    <message>
        <source>The network in use understands no words, so only names, folders, captions and tags were searched. Another one can be chosen under Networks.</source>
        <translation>当前网络不理解文字，因此只搜索了文件名、文件夹、说明和标签。可在“网络”中选择另一个。</translation>
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
        <source>Clear search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>No photo passes the filters</source>
        <translation>没有照片符合筛选条件</translation>
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
        <source>Indexing is paused</source>
        <translation>索引已暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>There are no photos here</source>
        <translation>这里没有照片</translation>
    </message>
    <message>
        <source>This search did not work</source>
        <translation>这次搜索没有成功</translation>
    </message>
    <message>
        <source>The photos cannot be listed</source>
        <translation>无法列出照片</translation>
    </message>
    <message>
        <source>Opening the library</source>
        <translation>正在打开图库</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Find by image</source>
        <translation>以图查找</translation>
    </message>
    <message>
        <source>Images ({patterns});;All files (*)</source>
        <translation>图片 ({patterns});;所有文件 (*)</translation>
    </message>
    <message>
        <source>Drop to add this folder</source>
        <translation>松开以添加此文件夹</translation>
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
        <source>PhotoFind fetches nothing from the web. Copy the picture and paste it, or save it first.</source>
        <translation>PhotoFind 不从网络下载任何内容。请复制图片后粘贴，或先保存图片。</translation>
    </message>
    <message>
        <source>Pasted image</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>Add “{folder}” to the library? The files stay where they are.</source>
        <translation>将“{folder}”添加到图库？文件留在原处。</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
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
        <translation>忘记缺失的照片</translation>
    </message>
    <message>
        <source>Forget the photos that are missing from “{folder}”?</source>
        <translation>要忘记“{folder}”中缺失的照片吗？</translation>
    </message>
    <message>
        <source>Only if they were deleted or moved on purpose. If a disk is not connected, connect it instead.</source>
        <translation>仅当这些照片是有意删除或移走时才这样做。如果磁盘未连接，请先连接磁盘。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Open with its program</source>
        <translation>用默认程序打开</translation>
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
        <translation>少像这张</translation>
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
            <numerusform>已复制 %n 个路径。</numerusform>
        </translation>
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
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
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
        <source>There is nothing to undo.</source>
        <translation>没有可撤销的操作。</translation>
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
        <translation>网络</translation>
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
        <source>To the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
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
    <name>PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
</context>
<context>
    <name>PhotoModel</name>
    <message>
        <source>{kind}, likeness {score}</source>
        <translation>{kind}，相似度 {score}</translation>
    </message>
    <message>
        <source>Its folder is not connected now.</source>
        <translation>所在文件夹目前未连接。</translation>
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
    <message numerus="yes">
        <source>Move %n file(s) to trash</source>
        <translation>
            <numerusform>将 %n 个文件移到回收站</numerusform>
        </translation>
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
        <source>Export list</source>
        <translation>导出清单</translation>
    </message>
    <message>
        <source>files to remove.csv</source>
        <translation>要移除的文件.csv</translation>
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
        <source>Choose an image to find similar photos (Ctrl+O)</source>
        <translation>选择一张图片来查找相似照片 (Ctrl+O)</translation>
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
        <source>Order of the photos</source>
        <translation>照片的排列顺序</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>Every photo was compared: none can be missing.</source>
        <translation>已比较每一张照片，不会有遗漏。</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Remove words and chips and show all photos again (Esc)</source>
        <translation>清除词语和搜索条件，重新显示全部照片 (Esc)</translation>
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
        <source>Largest files first</source>
        <translation>文件最大的在前</translation>
    </message>
    <message>
        <source>Show likeness on photos</source>
        <translation>在照片上显示相似度</translation>
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
        <source>The network turns each photo into numbers that say what it looks like. It runs on this computer.</source>
        <translation>神经网络把每张照片转换成描述其外观的数值。它在这台电脑上运行。</translation>
    </message>
    <message>
        <source>In use: {model}</source>
        <translation>正在使用：{model}</translation>
    </message>
    <message>
        <source>Networks…</source>
        <translation>网络…</translation>
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
        <translation>核对目录、索引和每个文件，只读取不更改</translation>
    </message>
    <message>
        <source>Check and repair</source>
        <translation>检查并修复</translation>
    </message>
    <message>
        <source>Also build again whatever is damaged in the catalog and the index; photos are never changed</source>
        <translation>同时重建目录和索引中损坏的部分，照片绝不会被更改</translation>
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
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Move to trash…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>Undo moving to the trash</source>
        <translation>撤销移到回收站</translation>
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
        <source>Larger photos</source>
        <translation>放大照片</translation>
    </message>
    <message>
        <source>Smaller photos</source>
        <translation>缩小照片</translation>
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
        <source>Size of the photos</source>
        <translation>照片大小</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Ctrl+滚轮</translation>
    </message>
    <message>
        <source>Rate with stars</source>
        <translation>评星级</translation>
    </message>
    <message>
        <source>0 to 5</source>
        <translation>0 到 5</translation>
    </message>
    <message>
        <source>Go to a name</source>
        <translation>跳到某个名称</translation>
    </message>
    <message>
        <source>Type its first letters</source>
        <translation>输入名称的开头</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
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
        <translation>网络</translation>
    </message>
    <message>
        <source>What recognises your photos, and what it costs and gains</source>
        <translation>识别照片内容的网络，以及它的代价与效果</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>This folder is not connected now.</source>
        <translation>此文件夹目前未连接。</translation>
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
        <translation>忘记缺失的照片…</translation>
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
        <source>Size of the photos (Ctrl+wheel, + and −)</source>
        <translation>照片大小（Ctrl+滚轮、+ 和 −）</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
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
        <source>Show photos like this one (S)</source>
        <translation>显示与此相似的照片 (S)</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation>缩小 (-)</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大 (+)</translation>
    </message>
    <message>
        <source>Whole or 1:1</source>
        <translation>整图或 1:1</translation>
    </message>
    <message>
        <source>Whole picture or actual pixels (Z)</source>
        <translation>整张图片或实际像素 (Z)</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>照片信息</translation>
    </message>
    <message>
        <source>Show or hide the facts (I)</source>
        <translation>显示或隐藏照片信息 (I)</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Full screen (F11)</source>
        <translation>全屏 (F11)</translation>
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
</context>
<context>
    <name>_Chip</name>
    <message>
        <source>How much the search goes towards this, or away from it</source>
        <translation>搜索在多大程度上靠近或远离它</translation>
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
        <source>Keep this one</source>
        <translation>保留这张</translation>
    </message>
    <message>
        <source>Keep this photo and mark the others for the trash (1 to 4)</source>
        <translation>保留这张，将其余标记为移到回收站（1 到 4）</translation>
    </message>
</context>
<context>
    <name>_Place</name>
    <message>
        <source>The same file under another name</source>
        <translation>同一文件的另一个名称</translation>
    </message>
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
        <source>Keep these words as a chip (Ctrl+Enter)</source>
        <translation>将这些词语固定为搜索条件 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Clear the words</source>
        <translation>清除词语</translation>
    </message>
</context>
</TS>
