using System.Runtime.InteropServices;

namespace Coord.Node.Storage;

/// <summary>The real disk.</summary>
internal sealed partial class LinuxFileSystem : IFileSystem
{
    // O_RDONLY | O_CLOEXEC. O_DIRECTORY differs between processors and adds nothing here.
    private const int ReadOnlyCloseOnExec = 0x80000;

    public IFile Open(string path, FileOpen mode)
    {
        var access = mode == FileOpen.Read ? FileAccess.Read : FileAccess.ReadWrite;
        var fileMode = mode == FileOpen.Create ? FileMode.Create : FileMode.Open;
        const FileShare share = FileShare.ReadWrite | FileShare.Delete;
        return new LinuxFile(File.OpenHandle(path, fileMode, access, share), path);
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string directory)
    {
        var names = new List<string>();
        foreach (var path in Directory.EnumerateFiles(directory))
            names.Add(Path.GetFileName(path));

        return names;
    }

    public void CreateDirectory(string directory) => Directory.CreateDirectory(directory);

    // File.OpenHandle refuses directories, hence the native calls.
    public void FlushDirectory(string directory)
    {
        var descriptor = OpenNative(directory, ReadOnlyCloseOnExec);
        if (descriptor < 0)
            throw LinuxErrors.Last($"Opening the directory {directory} failed");

        try
        {
            if (Flush(descriptor) != 0)
                throw LinuxErrors.Last($"fsync of the directory {directory} failed");
        }
        finally
        {
            _ = CloseNative(descriptor);
        }
    }

    public IDisposable Lock(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    public long FreeBytes(string path) => new DriveInfo(path).AvailableFreeSpace;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseNative(int descriptor);
}
