# ruby ruby.rb order REFERENCE CENTS | charge REFERENCE CENTS < TOKEN
require 'base64'
require 'json'
require 'net/http'
require 'openssl'

def part(bytes) = Base64.urlsafe_encode64(bytes, padding: false)

# The order as the provider takes it, good for an hour: a JWT that nobody but this server can have made.
def sign_order(reference, cents)
  order = { currency: 'EUR', lines: [{ label: 'A thing', amount: cents }] }
  claims = { iss: ENV.fetch('FARTHING_MERCHANT'), aud: ENV.fetch('FARTHING_PROVIDER'), jti: reference,
             iat: Time.now.to_i, exp: Time.now.to_i + 3600, order: order }
  signed = [{ alg: 'ES256', kid: ENV.fetch('FARTHING_ORDER_KEY_ID') }, claims].map { |it| part(it.to_json) }.join('.')
  key = OpenSSL::PKey.read(File.read(ENV.fetch('FARTHING_ORDER_KEY_FILE')))
  numbers = OpenSSL::ASN1.decode(key.sign('SHA256', signed)).value
  # OpenSSL writes both numbers in DER; a JWT has them side by side, 32 bytes each.
  "#{signed}.#{part(numbers.map { |number| number.value.to_s(2).rjust(32, "\0") }.join)}"
end

# Redeems the token: 'paid', 'failed', or 'unknown', which is to be asked again.
def charge(reference, cents, token)
  body = { token: token, order: reference, amount: cents, currency: 'EUR' }.to_json
  answer = Net::HTTP.post(URI("#{ENV.fetch('FARTHING_PROVIDER')}/v1/charges"), body,
                          'Authorization' => "Bearer #{ENV.fetch('FARTHING_SECRET_KEY')}",
                          'Content-Type' => 'application/json',
                          # Out of the token, so that asking again is the same charge and not another one.
                          'Idempotency-Key' => OpenSSL::Digest::SHA256.hexdigest(token))
  return 'failed' if answer.is_a?(Net::HTTPClientError) && !%w[408 409 429].include?(answer.code)

  { 'paid' => 'paid', 'declined' => 'failed' }.fetch(JSON.parse(answer.body)['status'], 'unknown')
rescue SystemCallError, SocketError, Timeout::Error, IOError, JSON::ParserError
  'unknown'
end

what, reference, cents = ARGV
puts what == 'order' ? sign_order(reference, cents.to_i) : charge(reference, cents.to_i, $stdin.read.strip)
