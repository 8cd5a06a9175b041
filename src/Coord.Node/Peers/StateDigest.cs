namespace Coord.Node.Peers;

/// <summary>
/// What the sender made of the log up to an entry (design.md section 10). A follower tells its leader; a leader tells
/// a node that differs from what most made of it.
/// </summary>
/// <param name="Index">The entry.</param>
/// <param name="Digest">The rolling digest of the sender's state behind it.</param>
internal sealed record StateDigest(long Index, ulong Digest) : PeerMessage;
