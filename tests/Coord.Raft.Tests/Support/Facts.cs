using FsCheck;
using FsCheck.Fluent;

namespace Coord.Raft.Tests;


/// <summary>Runs a property; a failure throws with the shrunk case and the replay seed to pass to WithReplay.</summary>
internal static class Facts
{
    /// <summary>Numbers to read decisions from: the property draws its own case out of them, in order.</summary>
    public static void Hold(Action<Script> fact, int cases = 400, int length = 120)
    {
        var scripts = Gen.Choose(0, int.MaxValue - 1).ArrayOf(length).ToArbitrary();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(cases),
            Prop.ForAll(scripts, numbers => fact(new Script(numbers))));
    }

    /// <summary>A list of decisions; when it is used up it ends.</summary>
    internal sealed class Script(int[] numbers)
    {
        private int next;

        public bool HasMore => next < numbers.Length;

        public int Below(int bound) => HasMore ? numbers[next++] % bound : 0;

        public int Between(int lowest, int highest) => lowest + Below(highest - lowest + 1);
    }
}
