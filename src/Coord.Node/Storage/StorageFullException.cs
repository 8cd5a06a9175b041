namespace Coord.Node.Storage;

/// <summary>The file system has no room (ENOSPC, EDQUOT).</summary>
internal sealed class StorageFullException : IOException
{
    public StorageFullException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
