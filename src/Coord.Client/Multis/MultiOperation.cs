using Coord.Protocol;

namespace Coord.Client;

/// <summary>One operation of a multi.</summary>
internal sealed record MultiOperation(
    OpCode Op, string Path, string ServerPath, ReadOnlyMemory<byte> Bytes, int Version, CreateMode Mode,
    IReadOnlyList<AclEntry> Acl)
{
    // Header, lengths, version and flags of the largest record, not counting paths, bytes and access control lists.
    private const int FixedBytes = 64;
    private const int AclEntryBytes = 16;

    /// <summary>An upper bound of its size on the wire.</summary>
    internal int SizeBound =>
        FixedBytes + (ServerPath.Length * 3) + Bytes.Length
        + Acl.Sum(static entry => AclEntryBytes + ((entry.Scheme.Length + entry.Id.Length) * 3));

    internal bool IsSequential =>
        Op == OpCode.Create2 && Mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential;

    /// <summary>Whether a server with these extensions knows it.</summary>
    internal bool IsKnownTo(ServerFeatures features) => Op switch
    {
        OpCode.CheckAbsent => features.HasCheckAbsent,
        OpCode.CheckChildren => features.HasCheckChildren,
        _ => true,
    };

    internal void Write(ref JuteWriter writer)
    {
        switch (Op)
        {
            case OpCode.CheckAbsent:
                writer.WriteString(ServerPath);
                break;
            case OpCode.Create2 or OpCode.CreateContainer:
                CreateCall.Write(ref writer, ServerPath, Bytes.Span, Acl, Mode, 0);
                break;
            case OpCode.SetData:
                writer.WriteString(ServerPath);
                writer.WriteBuffer(Bytes.Span);
                writer.WriteInt32(Version);
                break;
            default:
                writer.WriteString(ServerPath);
                writer.WriteInt32(Version);
                break;
        }
    }
}
