using Coord.Simulation.Disk;

namespace Coord.Simulation.Faults;

/// <summary>The faults that a run has.</summary>
internal readonly record struct FaultSet(ulong Bits)
{
    private const double FewChance = 0.15;
    private const double CommonChance = 0.45;

    public static IReadOnlyList<FaultKind> Kinds { get; } = Enum.GetValues<FaultKind>();

    public static FaultSet None => default;

    public IEnumerable<FaultKind> Members
    {
        get
        {
            var set = this;
            return Kinds.Where(kind => set.Has(kind));
        }
    }

    /// <summary>These faults, and no others.</summary>
    public static FaultSet Of(params ReadOnlySpan<FaultKind> kinds)
    {
        var set = None;
        foreach (var kind in kinds)
            set = set.With(kind);

        return set;
    }

    /// <summary>A random subset: in most runs a third of the kinds, in some one or two, in a few nearly all.</summary>
    public static FaultSet Draw(SeededRandom random)
    {
        var chance = random.Below(10) switch
        {
            0 => 0.06,
            < 3 => FewChance,
            < 9 => CommonChance,
            _ => 0.9,
        };
        var set = None;
        foreach (var kind in Kinds)
        {
            if (random.Chance(chance) && kind is not (FaultKind.FlushErrors or FaultKind.ReadErrors))
                set = set.With(kind);
        }

        return set;
    }

    public bool Has(FaultKind kind) => (Bits & (1UL << (int)kind)) != 0;

    public FaultSet With(FaultKind kind) => new(Bits | (1UL << (int)kind));

    public FaultSet Without(FaultKind kind) => new(Bits & ~(1UL << (int)kind));

    public override string ToString() => Bits == 0 ? "none" : string.Join(", ", Members);
}
