namespace Coord.Node.Storage;

/// <summary>
/// A write, flush or other file operation failed while the node was running. The process ends with exit code 70 and
/// never tries again: after a failed flush nobody knows what the disk holds (raft-design P3).
/// </summary>
internal sealed class StorageFailedException : Exception
{
    public StorageFailedException(string message)
        : base(message)
    {
    }

    public StorageFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
