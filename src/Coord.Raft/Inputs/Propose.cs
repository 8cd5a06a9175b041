namespace Coord.Raft;

/// <summary>A batch of payloads to append, in order. Tokens count up by one per payload.</summary>
/// <param name="Payloads">One entry each. The list is read during the step only; the bytes must never change
/// again.</param>
/// <param name="FirstToken">Token of the first payload; ends are told as in <see cref="Rejection"/>, success by
/// commit.</param>
public sealed record Propose(IReadOnlyList<ReadOnlyMemory<byte>> Payloads, long FirstToken) : RaftInput;
