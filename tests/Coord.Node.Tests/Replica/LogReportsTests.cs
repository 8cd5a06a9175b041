using Coord.Node.Replica;
using Coord.Node.Tests.Storage;

namespace Coord.Node.Tests.Replica;

/// <summary>What the log writer's thread does about what became durable.</summary>
public sealed class LogReportsTests : IReplicaInbox
{
    private readonly List<string> heard = [];
    private readonly LogRig rig = new LogRig().Start();
    private readonly LogReports reports;

    public LogReportsTests()
    {
        reports = new LogReports(this);
        reports.Bind(new AfterPersist(new NoLinks()), rig.Writer);
    }

    [Fact]
    public void With_nothing_else_to_write_it_takes_one_turn_for_it()
    {
        reports.Persisted(1);

        Assert.Equal(["left", "at most 1 turn"], heard);
    }

    [Fact]
    public void With_more_to_write_it_leaves_the_turn_to_the_loop()
    {
        rig.Append(first: 1, count: 1, term: 1);

        reports.Persisted(1);

        Assert.Equal(["posted"], heard);
    }

    void IReplicaInbox.Post(ReplicaInput input) => Note("posted", input);

    void IReplicaInbox.Leave(ReplicaInput input) => Note("left", input);

    bool IReplicaInbox.TakeTurn(int inRowMax)
    {
        heard.Add($"at most {inRowMax} turn");
        return true;
    }

    private void Note(string how, ReplicaInput input)
    {
        Assert.Equal(1, Assert.IsType<LogPersisted>(input).Sequence);
        heard.Add(how);
    }
}
