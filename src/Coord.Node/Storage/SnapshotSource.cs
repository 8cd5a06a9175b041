namespace Coord.Node.Storage;

/// <summary>A snapshot's raw bytes for sending it. The file stays as long as this is open (raft-design S5).</summary>
internal sealed class SnapshotSource : IDisposable
{
    private readonly IFile _file;
    private readonly IDisposable _pin;

    public SnapshotSource(SnapshotFile snapshot, IFile file, IDisposable pin)
    {
        Snapshot = snapshot;
        _file = file;
        _pin = pin;
    }

    public SnapshotFile Snapshot { get; }

    public int Read(long offset, Span<byte> bytes) => _file.Read(offset, bytes);

    public void Dispose()
    {
        _file.Dispose();
        _pin.Dispose();
    }
}
