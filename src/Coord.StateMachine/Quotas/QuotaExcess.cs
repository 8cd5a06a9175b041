namespace Coord.StateMachine;

/// <summary>A request that exceeds a quota, or would have.</summary>
/// <param name="Path">Whose quota it is, as UTF-8.</param>
/// <param name="IsBytes">Data bytes, not znodes.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Use">What is used with the request.</param>
/// <param name="IsRefused">Whether the request was refused for it.</param>
public sealed record QuotaExcess(ReadOnlyMemory<byte> Path, bool IsBytes, long Limit, long Use, bool IsRefused);
