using System.Globalization;
using Coord.Node.Admin;
using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>Obeys administrators' orders in the loop, or says why not.</summary>
internal sealed class Administration(
    ReplicaView view, RaftCore core, MembershipDuties duties, WaitingNodes waiting, NodeLimits limits)
{
    private TransferOrder? transfer;
    private long transferDeadlineMs;

    public void Take(AdminOrder order)
    {
        if (!view.IsLeader)
        {
            order.Answer.TrySetResult(NotLeader());
            return;
        }

        switch (order)
        {
            case TransferOrder wanted:
                BeginTransfer(wanted);
                break;
            case AddOrder add:
                Add(add);
                break;
            case RemoveOrder remove:
                Remove(remove);
                break;
            case ReplaceOrder replace:
                Replace(replace);
                break;
        }
    }

    /// <summary>Another node may lead now; or the transfer's time is over.</summary>
    public void Step()
    {
        if (transfer is null)
            return;
        if (!view.IsLeader && view.Leader is { } leader)
            EndTransfer(AdminOutcome.Done, $"node {leader.Value} leads");
        else if (view.NowMs > transferDeadlineMs)
        {
            EndTransfer(
                AdminOutcome.Unknown, "nobody took over within the time of an election; see GET /commands/raft");
        }
    }

    public void Refused(TransferRefusal refusal)
    {
        if (transfer is not null)
            EndTransfer(AdminOutcome.Refused, Explain(refusal));
    }

    private static string Explain(TransferRefusal refusal)
    {
        return refusal.Wanted is { } wanted
            ? $"node {wanted.Value} cannot lead now ({refusal.Reason}): it must vote, be connected, and have caught up"
            : "no other voter can lead now: one must be connected and have caught up";
    }

    private void Add(AddOrder order)
    {
        var node = waiting.Find(order.Node, view.NowMs);
        if (core.Membership.Contains(order.Node))
        {
            Refuse(order, node is null || Directory().Find(order.Node)?.Incarnation == node.Incarnation
                ? $"node {order.Node.Value} is a member already"
                : $"node {order.Node.Value} is a member with another data directory: have it replaced instead");
        }
        else if (node is null)
        {
            Refuse(order, NotWaiting(order.Node));
        }
        else if (Admission.WhyNot(Directory(), [node], []) is { } reason)
        {
            Refuse(order, reason);
        }
        else
        {
            Begin(
                order, false, $"node {node.Id.Value} is a learner; it votes once it has caught up",
                new AdmitStep([node]));
        }
    }

    private void Remove(RemoveOrder order)
    {
        if (!core.Membership.Contains(order.Node))
            Refuse(order, $"node {order.Node.Value} is no member");
        else
            Begin(order, order.Force, $"node {order.Node.Value} is no member any more", new DismissStep([order.Node]));
    }

    private void Replace(ReplaceOrder order)
    {
        var node = waiting.Find(order.Node, view.NowMs);
        if (!core.Membership.Contains(order.Node))
            Refuse(order, $"node {order.Node.Value} is no member: have it added instead");
        else if (node is null)
            Refuse(order, NotWaiting(order.Node));
        else
            Begin(
                order,
                order.Force,
                $"node {node.Id.Value} is a learner with its new data directory; it votes once it has caught up",
                new DismissStep([node.Id]),
                new AdmitStep([node]));
    }

    private void Begin(AdminOrder order, bool force, string done, params MembershipStep[] steps)
    {
        if (duties.IsBusy)
        {
            Refuse(order, "another change of the membership is under way; see GET /commands/raft");
            return;
        }

        var deadlineMs = view.NowMs + (long)limits.MembershipChangeTimeout.TotalMilliseconds;
        duties.Begin(new MembershipChange(steps, force, done, deadlineMs, outcome =>
            order.Answer.TrySetResult(new AdminAnswer(outcome.Outcome, outcome.Text))));
    }

    private void BeginTransfer(TransferOrder order)
    {
        if (transfer is not null)
        {
            Refuse(order, "a transfer is under way");
            return;
        }

        if (order.To == view.Self)
        {
            order.Answer.TrySetResult(new AdminAnswer(AdminOutcome.Done, $"node {view.Self.Value} leads"));
            return;
        }

        transfer = order;
        transferDeadlineMs = view.NowMs + (2L * limits.ElectionTicks * (long)limits.ReplicaTick.TotalMilliseconds);
        core.Step(new TransferLeadership(order.To));
    }

    private void EndTransfer(AdminOutcome outcome, string text)
    {
        transfer!.Answer.TrySetResult(new AdminAnswer(outcome, text));
        transfer = null;
    }

    private static void Refuse(AdminOrder order, string text) =>
        order.Answer.TrySetResult(new AdminAnswer(AdminOutcome.Refused, text));

    private static string NotWaiting(NodeId node) => string.Create(
        CultureInfo.InvariantCulture,
        $"node {node.Value} does not wait to be let in: start it on an empty data directory, with a cluster.json that "
        + $"lists it and the members, and try again");

    private AdminAnswer NotLeader()
    {
        if (view.Leader is not { } leader)
            return new AdminAnswer(AdminOutcome.NotLeader, "this node does not lead, and knows no leader; try again");
        var admin = Directory().Find(leader)?.Admin.ToString();
        return new AdminAnswer(AdminOutcome.NotLeader, $"node {leader.Value} leads; ask it at {admin}", admin);
    }

    private MemberDirectory Directory() =>
        MemberDirectory.TryDecode(core.Membership.Directory, out var directory) ? directory : MemberDirectory.Empty;
}
