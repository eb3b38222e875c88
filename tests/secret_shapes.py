"""Ten shapes in which an address carries a secret, for all tests that look for it afterwards."""

#: ``host`` is where something may listen; nobody does at port 9.
SHAPES = [
    "rtsp://user:{secret}@{host}/live",
    "rtsp://user:ab/{secret}@{host}/live",
    "http://user:ab@127.0.0.1:9/{secret}@{host}/clip.mp4",
    "http://{secret}@{host}/clip.mp4",
    "http://{host}/clip.mp4?token={secret}",
    "http://{host}/clip.mp4?X-Amz-Credential=AK/20260101&X-Amz-Signature={secret}&id=4",
    "HTTP://{host}/get?id=4;SIG={secret}",
    "http://{host}/clip.mp4#access_token={secret}",
    "http://{host}/user=admin_password={secret}_channel=1.mp4",
    "https://{host}/get?url=https://user:{secret}@host/clip.mp4",
]
NOBODY = "127.0.0.1:9"
