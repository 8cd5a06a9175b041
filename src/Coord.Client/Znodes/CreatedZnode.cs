using Coord.Protocol;

namespace Coord.Client;

/// <summary>A znode just made.</summary>
/// <param name="Path">The final path, without chroot: with sequence number and protection GUID where asked for.</param>
/// <param name="Stat">Its metadata.</param>
public sealed record CreatedZnode(string Path, Stat Stat)
{
    /// <summary>Its place, if it was asked for and told.</summary>
    internal ZnodeRank? Rank { get; init; }
}
