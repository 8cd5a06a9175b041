namespace Coord.StateMachine.Tests;

/// <summary>A znode of the naive model.</summary>
internal sealed class ModelZnode
{
    public string? Value { get; set; } = "";

    public long Czxid { get; init; }

    public long Mzxid { get; set; }

    public long Pzxid { get; set; }

    public long Ctime { get; init; }

    public long Mtime { get; set; }

    public int Version { get; set; }

    public int Aversion { get; set; }

    /// <summary>A session, -1 for a container, or 0.</summary>
    public long Owner { get; init; }

    /// <summary>Time to live in milliseconds, or 0.</summary>
    public long Ttl { get; init; }

    public long ChildrenCreated { get; set; }

    public (int Permissions, string? Scheme, string? Id)[] Acl { get; set; } = [(31, "world", "anyone")];

    public ModelZnode Copy() => (ModelZnode)MemberwiseClone();
}
