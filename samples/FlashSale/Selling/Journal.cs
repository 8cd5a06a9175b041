using System.Text;

namespace FlashSale.Selling;

/// <summary>An append-only file of <see cref="JournalLine"/>s, handed to the kernel before the next sale.</summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _file;
    private readonly StringBuilder _text = new();

    public Journal(string path) => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0);

    public void Append(params IEnumerable<JournalLine> lines)
    {
        _text.Clear();
        foreach (var line in lines)
            _text.Append(line.Format()).Append('\n');
        _file.Write(Encoding.UTF8.GetBytes(_text.ToString()));
    }

    /// <summary>All lines of all journals in a folder.</summary>
    public static IReadOnlyList<JournalLine> ReadFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*.journal").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Select(JournalLine.Parse).ToArray();

    public void Dispose() => _file.Dispose();
}
