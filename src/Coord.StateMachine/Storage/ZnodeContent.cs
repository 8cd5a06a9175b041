namespace Coord.StateMachine;

/// <summary>What a new znode is made of.</summary>
internal readonly ref struct ZnodeContent
{
    public required ReadOnlySpan<byte> Path { get; init; }

    public required ReadOnlySpan<byte> Bytes { get; init; }

    public required bool IsNull { get; init; }

    /// <summary>The owning session, or what marks a container or a time to live, or 0.</summary>
    public required long Owner { get; init; }

    public required int Acl { get; init; }
}
