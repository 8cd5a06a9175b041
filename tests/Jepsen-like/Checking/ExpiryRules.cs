using System.Globalization;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Sessions that fell silent: none ends before its timeout, and while one node leads none can be taken up again long
/// after it.
/// </summary>
internal static class ExpiryRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var calm = new CalmPeriods(history);
        foreach (var silence in history.Where(o => o.Kind == OperationKind.Silence && o.IsKnown))
        {
            var isExpired = silence.Error == Operation.SessionExpired;
            if (isExpired && silence.Completed - silence.Invoked < LockRules.Timeout(silence))
                findings.Add(new Finding("expired-early", "a session expired before its timeout", [silence]));

            var asked = long.Parse(silence.Text, CultureInfo.InvariantCulture);
            if (!isExpired && calm.MustBeGone(silence.Tag, silence.Expected, asked))
                findings.Add(new Finding("expired-late", "a session was taken up again long after its timeout",
                    [silence]));
        }

        return CheckReport.Of(history, history, findings);
    }
}
