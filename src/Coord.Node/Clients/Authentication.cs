using System.Text;
using Coord.Node.Admin;
using Coord.Node.Audit;
using Coord.Protocol;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Clients;

/// <summary>
/// Takes auth requests, and turns away who has not shown enough (zookeeper-protocol 8.4, 8.6). Identities add up, and
/// are not kept beyond the connection.
/// </summary>
internal sealed class Authentication(ClientAccess access, NodeLimits limits, AuditLog? audit, ILogger logger)
{
    private enum Outcome
    {
        Accepted,
        Refused,

        // Closed without a word, so that the client tries the next server instead of giving up.
        WrongEnsemble,
    }

    /// <summary>Sets what the request is answered with; a refusal ends the connection.</summary>
    public void Take(ClientSession session, ReadOnlySpan<byte> record, ref PendingRequest request)
    {
        var reader = new JuteReader(record);
        if (!AuthRequest.TryRead(ref reader, out var auth))
        {
            // Unlike other requests: ZooKeeper decodes this one where it reads the frame.
            Close(session, ref request);
            return;
        }

        switch (Judge(session, auth))
        {
            case Outcome.Accepted:
                Answer(ref request, ErrorCode.Ok);
                return;
            case Outcome.Refused:
                Refuse(session, auth.Scheme, ref request);
                return;
            case Outcome.WrongEnsemble:
                Close(session, ref request);
                return;
        }
    }

    /// <summary>SASL is not offered (protocol 8.7): answered as any failure of it, and closed.</summary>
    public void TakeSasl(ClientSession session, ref PendingRequest request) =>
        Refuse(session, "sasl"u8, ref request);

    /// <summary>
    /// False, and the request has its answer: it is not auth, and the connection has shown no identity that this node
    /// wants to see first. Pings and closeSession are no exception (protocol 8.6).
    /// </summary>
    public bool IsAllowed(ClientSession session, ref PendingRequest request)
    {
        if (access.EnforcedSchemes.Count == 0 || request.Op is OpCode.Auth or OpCode.Sasl)
            return true;
        foreach (var scheme in access.EnforcedSchemes)
        {
            if (SessionIdentities.HasScheme(session.Identities, scheme))
                return true;
        }

        ClientLog.NotAuthenticated(logger, session.Transport.RemoteAddress, string.Join(',', access.EnforcedSchemes));
        audit?.Session(session, AuditLog.Authenticate, isSuccess: false);
        Answer(ref request, ErrorCode.SessionClosedRequireSaslAuth);
        session.ClosesWhenAnswered = true;
        return false;
    }

    private Outcome Judge(ClientSession session, in AuthRequest auth)
    {
        if (auth.Scheme.SequenceEqual("digest"u8))
            return auth.IsAuthNull ? Outcome.Refused : AddDigest(session, auth.Auth);
        if (auth.Scheme.SequenceEqual("ip"u8))
            return Outcome.Accepted; // It has it since it was accepted.
        if (auth.Scheme.SequenceEqual("x509"u8))
        {
            return SessionIdentities.HasScheme(session.Identities, SessionIdentities.X509)
                ? Outcome.Accepted
                : Outcome.Refused;
        }

        if (access.EnsembleNames is null || !auth.Scheme.SequenceEqual("ensemble"u8))
            return Outcome.Refused;
        return IsThisEnsemble(session, auth.Auth) ? Outcome.Accepted : Outcome.WrongEnsemble;
    }

    private bool IsThisEnsemble(ClientSession session, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || access.EnsembleNames!.Contains(Encoding.UTF8.GetString(name)))
            return true;
        ClientLog.WrongEnsemble(logger, session.Transport.RemoteAddress);
        return false;
    }

    /// <summary>Digest is refused for its size alone: any user and password are an identity (protocol 8.4).</summary>
    private Outcome AddDigest(ClientSession session, ReadOnlySpan<byte> userAndPassword)
    {
        if (userAndPassword.Length > limits.ClientIdentitiesBytesMax)
            return TooMany(session);
        var id = SuperUser.DigestOf(Encoding.UTF8.GetString(userAndPassword));
        var identities = session.Identities;
        if (id == access.SuperDigest)
            identities = SessionIdentities.With(identities, SessionIdentities.Super, "");
        identities = SessionIdentities.With(identities, SessionIdentities.Digest, id);
        if (identities.Length > limits.ClientIdentitiesBytesMax)
            return TooMany(session);
        session.Identities = identities;
        return Outcome.Accepted;
    }

    private Outcome TooMany(ClientSession session)
    {
        ClientLog.IdentitiesRefused(logger, session.Transport.RemoteAddress, limits.ClientIdentitiesBytesMax);
        return Outcome.Refused;
    }

    private void Refuse(ClientSession session, ReadOnlySpan<byte> scheme, ref PendingRequest request)
    {
        if (logger.IsEnabled(LogLevel.Information))
            ClientLog.AuthRefused(logger, session.Transport.RemoteAddress, LogText.Of(scheme));
        audit?.Session(session, AuditLog.Authenticate, isSuccess: false);
        Answer(ref request, ErrorCode.AuthFailed);
        session.ClosesWhenAnswered = true;
    }

    // Answered without a zxid (protocol 1.5).
    private static void Close(ClientSession session, ref PendingRequest request)
    {
        request.Kind = PendingKind.Unanswered;
        session.ClosesWhenAnswered = true;
    }

    private static void Answer(ref PendingRequest request, ErrorCode error)
    {
        request.Kind = PendingKind.Answered;
        request.Error = error;
        request.Zxid = 0;
    }
}
