using System.Diagnostics.CodeAnalysis;

namespace Coord.Raft;

/// <summary>
/// Facts checked in release builds too: a stopped node costs availability, a diverged one data (raft-design K6).
/// </summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolatedException"/> unless <paramref name="condition"/> holds.</summary>
    public static void Require([DoesNotReturnIf(false)] bool condition, string fact)
    {
        if (!condition)
            Violated(fact);
    }

    [DoesNotReturn]
    private static void Violated(string fact) => throw new InvariantViolatedException(fact);
}
