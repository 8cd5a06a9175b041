using System.Globalization;
using System.Text.Json;

namespace Coord.Node.Admin.Commands;

/// <summary>
/// Commands that change something on this node. All need the super user (design.md section 7), and so do those that
/// would change something and say why they do not.
/// </summary>
internal static class ChangingCommands
{
    public static AdminCommand[] All =>
    [
        Changing("stat_reset", ["srst"], call =>
        {
            call.Facts.Metrics.Reset();
            return null;
        }),
        Changing("connection_stat_reset", ["crst"], call =>
        {
            call.Facts.Connections.ResetCounters();
            return null;
        }),
        Changing("observer_connection_stat_reset", ["orst"], _ => "Coord counts nothing of observers' connections"),
        Changing("set_trace_mask", ["stmk"], SetTraceMask) with { NeedsServing = false },
        Changing("restore", ["rest"], _ =>
            "not by this port: stop the nodes, and found the cluster anew from a node's files (docs/operate)") with
        {
            NeedsServing = false, IsPost = true,
        },
        new("shed_connections", ["shed"], ShedAsync) { IsChange = true, IsPost = true },
    ];

    private static AdminCommand Changing(string name, string[] aliases, Func<CommandCall, string?> run) =>
        new(name, aliases, call => Task.FromResult(run(call))) { IsChange = true };

    private static string? SetTraceMask(CommandCall call)
    {
        var text = call.Request.Query["traceMask"].ToString();
        if (text.Length == 0)
            return "setTraceMask requires long traceMask argument";
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return $"setTraceMask requires long traceMask argument, got {text}";
        call.Json.WriteNumber("tracemask", 0);
        return "Coord traces nothing by mask: it stays 0";
    }

    private static async Task<string?> ShedAsync(CommandCall call)
    {
        if (await ReadPercentageAsync(call.Request) is not { } percentage)
            return "send {\"percentage\": N} with N from 0 to 100";
        call.Json.WriteNumber("connections_shed", call.Facts.Connections.Shed(percentage / 100.0));
        call.Json.WriteNumber("percentage_requested", percentage);
        return null;
    }

    private static async Task<int?> ReadPercentageAsync(Microsoft.AspNetCore.Http.HttpRequest request)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("percentage", out var value)
                && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
                && number is >= 0 and <= 100
                ? number
                : null;
        }
        catch (JsonException)
        {
            return null; // Said to the caller.
        }
    }
}
