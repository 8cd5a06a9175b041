using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin;

/// <summary>What the admin port answers.</summary>
/// <param name="Code">HTTP status code.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record AdminReply(int Code, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Where to ask instead: the same call on the leader's admin port.</summary>
    public string? Location { get; init; }

    /// <summary>What the call has to show to be let through.</summary>
    public string? Authenticate { get; init; }

    /// <summary>The methods that the path takes, when it was asked with another one.</summary>
    public string? Allow { get; init; }

    /// <summary>Whether what was asked was done; null where that is not known yet.</summary>
    public bool? IsDone { get; init; } = Code is >= 200 and < 300;

    /// <summary>Nothing was asked for in the right way, or another node is to be asked: not worth an audit.</summary>
    public bool IsElsewhere => Location is not null || Allow is not null;

    public static AdminReply Text(int code, string line) =>
        new(code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>The path takes other methods.</summary>
    public static AdminReply NotAllowed(string allowed) =>
        Text(StatusCodes.Status405MethodNotAllowed, $"this path takes {allowed}; see /commands") with
        {
            Allow = allowed,
        };

    public static AdminReply Json(int code, ReadOnlyMemory<byte> body) => new(code, "application/json", body);

    /// <summary>The outcome of an order, in the form of ZooKeeper's AdminServer: an error, or none.</summary>
    public static AdminReply Outcome(int code, string command, string outcome, string text)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("command", command);
            if (code == StatusCodes.Status200OK)
                json.WriteNull("error");
            else
                json.WriteString("error", text);
            json.WriteString("outcome", outcome);
            json.WriteString("message", text);
            json.WriteEndObject();
        }

        return Json(code, buffer.WrittenMemory);
    }

    /// <summary>Writes it; a HEAD gets no body.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Code;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        response.Headers.CacheControl = "no-store";
        if (Location is not null)
            response.Headers.Location = Location;
        if (Authenticate is not null)
            response.Headers.WWWAuthenticate = Authenticate;
        if (Allow is not null)
            response.Headers.Allow = Allow;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(Body).AsTask();
    }
}
