using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// What a multi brought: the results, or the index and code of the first failure (index −1 for none).
/// </summary>
internal sealed record MultiOutcome(IReadOnlyList<MultiResult> Results, int FailedIndex, ErrorCode Error);
