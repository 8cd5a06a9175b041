using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Reports;

/// <summary>How an operation ended, as plots tell it apart.</summary>
internal static class Outcome
{
    public const string Ok = "ok";
    public const string Refused = "refused";
    public const string Unknown = "unknown";

    public static IReadOnlyList<string> All { get; } = [Ok, Refused, Unknown];

    public static string Of(Operation operation) =>
        !operation.IsKnown ? Unknown : operation.Error != 0 ? Refused : Ok;
}
