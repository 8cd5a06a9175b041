using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>
/// The identities that a connection has shown, encoded as entries carry them: scheme and id, never a password
/// (design.md section 5). They add up, and are not kept beyond the connection (protocol 8.4).
/// </summary>
internal static class SessionIdentities
{
    private const string Digest = "digest";
    private const string Super = "super";
    private const int CountBytes = 4;

    /// <summary>Adds the identity of an auth request. False: the scheme is unknown.</summary>
    /// <param name="session">Whose connection it is.</param>
    /// <param name="auth">What it showed.</param>
    /// <param name="superDigest">
    /// The digest of the super user, to whom everything is allowed; null where there is none (protocol 8.4).
    /// </param>
    public static bool TryAdd(ClientSession session, in AuthRequest auth, string? superDigest)
    {
        if (!auth.Scheme.SequenceEqual("digest"u8))
            return false;
        var id = DigestId(auth.Auth);
        if (id == superDigest)
            Add(session, Encode(Super, ""));
        Add(session, Encode(Digest, id));
        return true;
    }

    private static void Add(ClientSession session, byte[] added)
    {
        var known = session.Identities;
        var count = known.Length == 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(known);
        var all = new byte[CountBytes + Math.Max(0, known.Length - CountBytes) + added.Length];
        BinaryPrimitives.WriteInt32BigEndian(all, count + 1);
        if (count > 0)
            known.AsSpan(CountBytes).CopyTo(all.AsSpan(CountBytes));
        added.CopyTo(all, all.Length - added.Length);
        session.Identities = all;
    }

    /// <summary>
    /// The text before the first colon, and the SHA-1 of all of it: what digest ACLs hold (protocol 8.2).
    /// </summary>
    private static string DigestId(ReadOnlySpan<byte> userAndPassword)
    {
        var colon = userAndPassword.IndexOf((byte)':');
        var user = Encoding.UTF8.GetString(colon < 0 ? userAndPassword : userAndPassword[..colon]);
#pragma warning disable CA5350 // ZooKeeper's digest scheme is SHA-1: clients compute it themselves for their ACLs.
        var hash = SHA1.HashData(userAndPassword);
#pragma warning restore CA5350
        return $"{user}:{Convert.ToBase64String(hash)}";
    }

    private static byte[] Encode(string scheme, string id)
    {
        var schemeBytes = Encoding.UTF8.GetBytes(scheme);
        var idBytes = Encoding.UTF8.GetBytes(id);
        var encoded = new byte[8 + schemeBytes.Length + idBytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(encoded, schemeBytes.Length);
        schemeBytes.CopyTo(encoded, 4);
        BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(4 + schemeBytes.Length), idBytes.Length);
        idBytes.CopyTo(encoded, 8 + schemeBytes.Length);
        return encoded;
    }
}
