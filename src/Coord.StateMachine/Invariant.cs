using System.Diagnostics.CodeAnalysis;

namespace Coord.StateMachine;

/// <summary>Facts checked in release builds too: a stopped node costs availability, a diverged one data.</summary>
internal static class Invariant
{
    /// <summary>Throws <see cref="StateCorruptException"/> unless <paramref name="condition"/> holds.</summary>
    public static void Require([DoesNotReturnIf(false)] bool condition, string fact)
    {
        if (!condition)
            Violated(fact);
    }

    [DoesNotReturn]
    private static void Violated(string fact) => throw new StateCorruptException(fact);
}
