namespace Coord.JepsenLike.Faults;

/// <summary>A fault that was done.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Leader">The node that led when it began.</param>
/// <param name="Began">Nanoseconds since the run's start.</param>
/// <param name="Healed">When it had been taken back.</param>
/// <param name="Served">When all nodes served again.</param>
internal sealed record FaultRecord(Fault Fault, int Leader, long Began, long Healed, long Served)
{
    /// <summary>What the fault told of itself, if anything.</summary>
    public string Note { get; init; } = "";
}
