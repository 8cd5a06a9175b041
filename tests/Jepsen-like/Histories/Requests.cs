namespace Coord.JepsenLike.Histories;

/// <summary>Of what a history holds, that which a client asked for: the rest is what it saw, or went through.</summary>
internal static class Requests
{
    private static readonly OperationKind[] Others =
    [
        OperationKind.Event, OperationKind.LoseSession, OperationKind.Hold, OperationKind.Silence, OperationKind.Probe,
        OperationKind.Digest,
    ];

    public static IEnumerable<Operation> Of(IEnumerable<Operation> history) =>
        history.Where(operation => !Others.Contains(operation.Kind));
}
