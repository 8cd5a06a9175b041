using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>A znode of the scripted cluster.</summary>
internal sealed class ScriptedNode
{
    public byte[] Bytes { get; set; } = [];

    public long Czxid { get; init; }

    public long Mzxid { get; set; }

    public long Pzxid { get; set; }

    public long Ctime { get; init; }

    public long Mtime { get; set; }

    public int Version { get; set; }

    public long Owner { get; init; }

    public int ChildrenCreated { get; set; }

    public int Children { get; set; }

    public Stat Stat => new(
        Czxid, Mzxid, Ctime, Mtime, Version, (2 * ChildrenCreated) - Children, 0, Owner, Bytes.Length, Children, Pzxid);

    public ScriptedNode Copy() => (ScriptedNode)MemberwiseClone();
}
