using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Accounts between which money is moved: every consistent read of all of them gives the same total, none is ever
/// below zero; and as registers they hold the rules of groups.
/// </summary>
internal static class BankRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history, int accounts, long total)
    {
        var findings = new List<Finding>();
        foreach (var operation in history.Where(o => o.Kind == OperationKind.Transaction && o.Succeeded))
        {
            var parts = GroupPart.Parse(operation.Text);
            var sum = parts.Sum(part => part.Amount);
            if (parts.Length == accounts && sum != total)
                findings.Add(new Finding("bank-total", $"all accounts hold {sum} instead of {total}", [operation]));
            if (parts.Any(part => part.Amount < 0))
                findings.Add(new Finding("bank-negative", "an account is below zero", [operation]));
        }

        foreach (var read in history.Where(o => o.Kind == OperationKind.Read && o.Succeeded && o.Amount < 0))
            findings.Add(new Finding("bank-negative", "an account is below zero", [read]));

        // Accounts begin with a deposit that no write made: to the rules of registers a first value is a first value.
        return GroupRules.Check(history, findings);
    }
}
