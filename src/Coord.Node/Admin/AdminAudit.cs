using System.Globalization;
using Coord.Node.Audit;
using Coord.Node.Clients;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin;

/// <summary>
/// Notes in the audit log what was asked of the admin port that needs the super user, by whom, and how it ended.
/// </summary>
internal sealed class AdminAudit(AuditLog log)
{
    private const string Prefix = "/commands/";

    /// <summary>Notes a call that was answered.</summary>
    /// <param name="request">The call.</param>
    /// <param name="isDone">Whether it was done; null where that is not known yet.</param>
    public void Answered(HttpRequest request, bool? isDone) =>
        log.Note(new AuditEvent(SessionId: 0, Caller(request), Operation(request), isDone) { Node = Node(request) });

    private static string Operation(HttpRequest request) => LogText.Of(request.Path.Value![Prefix.Length..]);

    private static int Node(HttpRequest request) => int.TryParse(
        request.Query[request.Path.Value == AdminOrders.Transfer ? "to" : "id"].ToString(), NumberStyles.None,
        CultureInfo.InvariantCulture, out var node)
        ? node
        : 0;

    // Who it says it is, right or wrong, and never what it has for a password.
    private static byte[] Caller(HttpRequest request)
    {
        byte[] identities = request.HttpContext.Connection.RemoteIpAddress is { } address
            ? SessionIdentities.Of(address)
            : [];
        var user = SuperUser.NameIn(request.Headers.Authorization);
        return user is null ? identities : SessionIdentities.With(identities, SessionIdentities.Digest, user);
    }
}
