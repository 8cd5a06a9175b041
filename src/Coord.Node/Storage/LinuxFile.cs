using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Coord.Node.Storage;

/// <summary>A file of the real disk: positional reads and writes, and fdatasync.</summary>
internal sealed partial class LinuxFile : IFile
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    public LinuxFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length)
        {
            var read = RandomAccess.Read(_handle, bytes[total..], offset + total);
            if (read == 0)
                break;

            total += read;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException e) when (LinuxErrors.IsFull(e.HResult))
        {
            throw new StorageFullException($"No room to write {_path}.", e);
        }
    }

    public void Shorten(long length) => RandomAccess.SetLength(_handle, length);

    // raft-design P4: fsync would also write the file's times; .NET offers nothing but fsync.
    public void FlushData()
    {
        if (FlushDataOnly(_handle) != 0)
            throw LinuxErrors.Last($"fdatasync of {_path} failed");
    }

    // A hint: what it cannot drop is read from memory, as without it. POSIX_FADV_DONTNEED is 4.
    public void DropCache() => _ = Advise(_handle, 0, 0, 4);

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle handle, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushDataOnly(SafeFileHandle handle);
}
