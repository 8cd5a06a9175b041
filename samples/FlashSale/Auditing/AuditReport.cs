using Spectre.Console;

namespace FlashSale.Auditing;

/// <summary>Prints the verdict.</summary>
internal static class AuditReport
{
    private const int FaultsShown = 5;

    public static void Print(IReadOnlyList<AuditCheck> checks, IAnsiConsole console)
    {
        foreach (var check in checks)
        {
            var mark = check.Holds ? "[green]✔[/]" : "[red]✘[/]";
            console.MarkupLine($"{mark} {Markup.Escape(check.Claim)} [grey]({Markup.Escape(check.Evidence)})[/]");
            foreach (var fault in check.Faults.Take(FaultsShown))
                console.MarkupLine($"    [red]{Markup.Escape(fault)}[/]");
            if (check.Faults.Count > FaultsShown)
                console.MarkupLine($"    [red]and {check.Faults.Count - FaultsShown:N0} more[/]");
        }

        console.MarkupLine(checks.All(c => c.Holds) ? "[bold green]Audit passed[/]" : "[bold red]Audit failed[/]");
    }
}
