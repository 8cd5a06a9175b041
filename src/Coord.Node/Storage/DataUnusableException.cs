namespace Coord.Node.Storage;

/// <summary>
/// The data directory cannot be trusted: the node does not start (exit code 3). The message names file, position and
/// verdict. Damage is never cut away silently and never answered with an empty log (raft-design P21).
/// </summary>
internal sealed class DataUnusableException : Exception
{
    public DataUnusableException(string file, long offset, string verdict)
        : base($"Data unusable: {file}, offset {offset}: {verdict}")
    {
        File = file;
        Offset = offset;
    }

    public DataUnusableException(string file, string verdict)
        : base($"Data unusable: {file}: {verdict}")
    {
        File = file;
    }

    public string File { get; }

    public long Offset { get; }
}
