using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>The reply that a numbered write got.</summary>
internal readonly record struct RememberedResult(long Operation, long Zxid, ErrorCode Error, byte[] Body);
