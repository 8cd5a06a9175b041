using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin.Commands;

/// <summary>
/// ZooKeeper's AdminServer: <c>/commands/NAME</c> answers with a JSON object that ends with the command's name and its
/// error, or null (zookeeper-protocol 10.4).
/// </summary>
/// <param name="facts">What is told.</param>
/// <param name="superUser">Who may change something; nobody when null.</param>
internal sealed class AdminCommands(NodeFacts facts, SuperUser? superUser)
{
    private const string Prefix = "/commands/";

    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly AdminCommand[] All =
    [
        .. NodeCommands.All, .. ClusterCommands.All, .. ClientCommands.All, .. ChangingCommands.All,
    ];

    private static readonly Dictionary<string, AdminCommand> ByName = All
        .SelectMany(command => command.Aliases.Append(command.Name).Select(name => (name, command)))
        .ToDictionary(pair => pair.name, pair => pair.command, StringComparer.Ordinal);

    /// <summary>The page that lists them, as ZooKeeper's, with the rest of this port below.</summary>
    public static string Index(string help)
    {
        var page = new StringBuilder();
        foreach (var name in All.Select(command => command.Name).Append("raft").Append("snapshot").Order())
            page.Append($"<a href=\"{Prefix}{name}\">{name}</a>\n<br/>\n");
        return page.Append("<pre>\n").Append(HtmlEncoder.Default.Encode(help)).Append("\n</pre>\n").ToString();
    }

    /// <summary>Whether the path is that of a command, known or not.</summary>
    public static bool Has(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether the path is that of a command that needs the super user.</summary>
    public static bool IsChange(string path) =>
        Has(path) && ByName.TryGetValue(path[Prefix.Length..], out var command) && command.IsChange;

    /// <summary>Answers a GET or a POST.</summary>
    public async Task<AdminReply> AnswerAsync(HttpRequest request)
    {
        var name = request.Path.Value![Prefix.Length..];
        if (!ByName.TryGetValue(name, out var command))
            return await WriteAsync(name, _ => Task.FromResult<string?>($"Unknown command: {name}"), request);
        if (HttpMethods.IsPost(request.Method) != command.IsPost)
            return AdminReply.NotAllowed(command.IsPost ? "POST" : "GET, HEAD");
        if (command.IsChange && AdminAccess.Refusal(request, command.Name, superUser) is { } refusal)
            return refusal;
        return await WriteAsync(command.Name, command.Run, request, command.NeedsServing);
    }

    private async Task<AdminReply> WriteAsync(
        string name, Func<CommandCall, Task<string?>> run, HttpRequest request, bool needsServing = false)
    {
        var status = facts.Status();
        var isServing = status.NotReadyBecause is null || status.IsReadOnly;
        var buffer = new ArrayBufferWriter<byte>(4096);
        string? error;
        await using (var json = new Utf8JsonWriter(buffer, Layout))
        {
            json.WriteStartObject();
            error = needsServing && !isServing
                ? NodeFacts.NotServing
                : await run(new CommandCall(facts, status, json, request));
            json.WriteString("command", name);
            json.WriteString("error", error);
            json.WriteEndObject();
        }

        return AdminReply.Json(StatusCodes.Status200OK, buffer.WrittenMemory) with { IsDone = error is null };
    }
}
