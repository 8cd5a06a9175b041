using FsCheck;
using FsCheck.Fluent;

namespace Coord.StateMachine.Tests;

/// <summary>The tree against ZooKeeper's rules in their plainest form.</summary>
public class ModelTests
{
    [Fact]
    public void Any_history_gives_the_replies_changes_and_stats_of_a_naive_zookeeper() =>
        Prop.ForAll(Histories.Arbitrary, steps => new History(new TreeDriver()).Run(steps))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
