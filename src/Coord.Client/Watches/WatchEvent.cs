using Coord.Protocol;

namespace Coord.Client;

/// <summary>One event of a watch stream.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The path followed, without chroot.</param>
/// <param name="Zxid">The change seen, or for starts, gaps and deletions the place in the order of changes up to which
/// was looked.</param>
public sealed record WatchEvent(WatchEventKind Kind, string Path, Zxid Zxid);
