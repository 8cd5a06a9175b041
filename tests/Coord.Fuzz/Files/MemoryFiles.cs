using Coord.Node.Storage;

namespace Coord.Fuzz.Files;

/// <summary>Files in memory, cheap to copy: their bytes are shared until one is written to.</summary>
internal sealed class MemoryFiles : IFileSystem
{
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);

    public IEnumerable<string> Paths => _files.Keys;

    public MemoryFiles Copy()
    {
        var copy = new MemoryFiles();
        foreach (var (path, file) in _files)
            copy._files[path] = file.Copy();
        return copy;
    }

    public byte[] BytesOf(string path) => _files[path].ToArray();

    public void Replace(string path, byte[] bytes) => _files[path] = new MemoryFile(bytes);

    public IFile Open(string path, FileOpen mode)
    {
        if (mode == FileOpen.Create)
            return _files[path] = new MemoryFile([]);

        return _files.TryGetValue(path, out var file) ? file : throw new FileNotFoundException("No such file.", path);
    }

    public void Rename(string from, string to)
    {
        _files[to] = _files[from];
        _files.Remove(from);
    }

    public void Delete(string path)
    {
        if (!_files.Remove(path))
            throw new FileNotFoundException("No such file.", path);
    }

    public bool Exists(string path) => _files.ContainsKey(path);

    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Where(p => Path.GetDirectoryName(p) == directory).Select(p => Path.GetFileName(p))];

    public void CreateDirectory(string directory)
    {
        // Folders are only a part of the names here.
    }

    public void FlushDirectory(string directory)
    {
        // Nothing is ever lost here.
    }

    public IDisposable Lock(string path) => new MemoryFile([]);

    public long FreeBytes(string path) => long.MaxValue;
}
