using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// What ZooKeeper promises to one session, whichever node it is attached to: it never goes back in time, and it reads
/// what it wrote. Sessions run one operation at a time, so the order of invocation is the order of the program.
/// </summary>
internal static class SessionOrder
{
    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        foreach (var session in history.GroupBy(o => o.Session))
        {
            Operation? latest = null;
            var answered = session.Where(o => o.IsKnown && (o.IsWrite || o.IsRead));
            foreach (var operation in answered.OrderBy(o => o.Invoked))
            {
                if (latest is not null && operation.Zxid < latest.Zxid && operation.Invoked > latest.Completed)
                    findings.Add(new Finding("session-order", "a session went back in time", [latest, operation]));

                if (latest is null || operation.Zxid > latest.Zxid)
                    latest = operation;
            }
        }
    }
}
