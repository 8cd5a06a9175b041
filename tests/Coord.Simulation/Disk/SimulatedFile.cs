using Coord.Node.Storage;

namespace Coord.Simulation.Disk;

/// <summary>A handle of a process; dead with it.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, SimulatedInode inode, string path, bool isWritable) : IFile
{
    private readonly int _life = disk.Life;
    private bool _isClosed;

    public long Length
    {
        get
        {
            RequireOpen();
            return inode.Length;
        }
    }

    public int Read(long offset, Span<byte> bytes)
    {
        RequireOpen();
        disk.BeforeRead(path);
        var count = (int)Math.Clamp(inode.Length - offset, 0, bytes.Length);
        if (count > 0)
            inode.Current.Slice((int)offset, count).CopyTo(bytes);

        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        RequireOpen();
        if (!isWritable)
            throw new IOException($"{path} is open for reading only.");

        disk.BeforeWrite(inode, path, checked((int)(offset + bytes.Length)));
        inode.Write((int)offset, bytes);
    }

    public void Shorten(long length)
    {
        RequireOpen();
        disk.BeforeShorten();
        inode.Shorten(checked((int)length));
    }

    // Damage is planted in what is read, so there is nothing to drop.
    public void DropCache() => RequireOpen();

    public void FlushData()
    {
        RequireOpen();
        disk.BeforeFlush(inode, path);
        inode.Flush();
    }

    public void Dispose() => _isClosed = true;

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_life != disk.Life)
            throw new InvalidOperationException($"{path} is used by a process that is dead.");
    }
}
