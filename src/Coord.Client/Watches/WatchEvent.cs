using Coord.Protocol;

namespace Coord.Client;

/// <summary>One event of a watch stream.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The znode it happened to, without chroot; for starts and gaps the path followed.</param>
/// <param name="Zxid">The change seen, or for starts, gaps and deletions the place in the order of changes up to which
/// was looked. Of a subtree: that of the change, -1 where the server does not send it (ZooKeeper before 3.9); 0 for
/// gaps.</param>
public sealed record WatchEvent(WatchEventKind Kind, string Path, Zxid Zxid);
