using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>Operations that Coord does not have yet: sequences do without them.</summary>
internal static class Unbuilt
{
    private static readonly Op[] Ops =
    [
        Op.GetAllChildrenNumber, Op.WhoAmI, Op.AddWatch,
        Op.CheckWatches, Op.RemoveWatches, Op.SetWatches2, Op.Sasl, Op.CreateTtl, Op.CreateContainer,
    ];

    public static bool Includes(Request request) => Ops.Contains(request.Op) || request.Parts.Any(Includes);

    public static bool Includes(Op op) => Ops.Contains(op);
}
