using Coord.Client;

namespace FlashSale.Shop;

/// <summary>Which failures a seller lives with.</summary>
internal static class Retries
{
    /// <summary>Lost connections and late answers: trouble that passes while somebody still waits.</summary>
    public static bool CanHelp(CoordException e, CancellationToken ct) =>
        !ct.IsCancellationRequested && (e.IsTransient || e.Outcome == Outcome.Unknown);

    /// <summary>A line in the seller's log.</summary>
    public static void Note(string subject, CoordException e) =>
        Console.Error.WriteLine($"{TimeProvider.System.GetUtcNow():O} {subject}: {e.GetType().Name}: {e.Message}");
}
