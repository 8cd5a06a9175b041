namespace Coord.Interop.Wire;

/// <summary>A reply or an event: the three fields of its header, and what follows.</summary>
internal sealed record RawReply(int Xid, long Zxid, int Error, byte[] Body);
